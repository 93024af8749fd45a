"""Roles offered while somebody types theirs. Suggestions only: any text is a role."""

# A list of names.
# ruff: noqa: E501

from __future__ import annotations

ROLE_SUGGESTIONS: tuple[str, ...] = (
    "Accountant", "Account executive", "Administrative assistant", "Architect", "Backend engineer", "Bank clerk", "Barista", "Business analyst",
    "Business development manager", "Care assistant", "Carpenter", "Cashier", "Chef", "Civil engineer", "Cloud engineer", "Compliance officer",
    "Construction manager", "Content writer", "Customer service representative", "Customer success manager", "Data analyst", "Data engineer",
    "Data scientist", "Delivery driver", "Dental assistant", "DevOps engineer", "Electrical engineer", "Electrician", "Event manager",
    "Executive assistant", "Financial analyst", "Financial controller", "Flight attendant", "Frontend engineer", "Full-stack developer",
    "Graphic designer", "Hotel receptionist", "HR business partner", "HR manager", "Industrial mechanic", "Insurance agent", "IT support specialist",
    "Journalist", "Laboratory technician", "Lawyer", "Legal assistant", "Logistics coordinator", "Machine learning engineer", "Maintenance technician",
    "Management consultant", "Marketing assistant", "Marketing manager", "Mechanical engineer", "Medical assistant", "Mobile developer",
    "Nursery teacher", "Office manager", "Operations manager", "Paralegal", "Pharmacist", "Physiotherapist", "Plumber", "Police officer",
    "Primary school teacher", "Procurement specialist", "Product designer", "Product manager", "Production supervisor", "Project manager",
    "QA engineer", "Quality engineer", "Receptionist", "Recruiter", "Registered nurse", "Research scientist", "Restaurant manager",
    "Retail store manager", "Sales assistant", "Sales manager", "Secondary school teacher", "Security engineer", "Site manager", "Social media manager",
    "Social worker", "Software engineer", "Supply chain manager", "Teaching assistant", "Truck driver", "UX designer", "Veterinary assistant",
    "Warehouse operative", "Welder",
)  # fmt: skip
