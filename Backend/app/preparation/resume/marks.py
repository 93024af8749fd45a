"""Words and forms by which titles, degrees, employers and contact lines are told apart."""

# Patterns read best in one piece.
# ruff: noqa: E501, SIM905

from __future__ import annotations

import re

TITLE_WORDS = re.compile(
    r"\b(?:accountant|adviser|advisor|actuary|administrator|agent|analyst|apprentice|architect|artist|assistant|associate|attorney|auditor|baker|barista|"
    r"barrister|bartender|bookkeeper|buyer|captain|caregiver|carer|carpenter|cashier|chair|chef|chief|clerk|coach|commis|consultant|controller|cook|coordinator|counsel|"
    r"counsellor|cto|ceo|cfo|coo|dentist|designer|developer|director|dispatcher|doctor|driver|economist|editor|educator|electrician|engineer|estimator|"
    r"executive|fellow|foreman|founder|freelancer?|gardener|generalist|guide|handler|handyman|head|helper|illustrator|inspector|instructor|intern|journalist|"
    r"labourer|lawyer|lead|leader|lecturer|librarian|lifeguard|machinist|manager|marketer|mechanic|member|mentor|midwife|nurse|officer|operative|operator|owner|paralegal|"
    r"paramedic|partner|pharmacist|photographer|physiotherapist|pilot|planner|plumber|porter|president|principal|producer|professor|programmer|"
    r"psychologist|receptionist|recruiter|rep|representative|researcher|sales|scientist|secretary|server|solicitor|specialist|statistician|steward|strategist|"
    r"student|superintendent|supervisor|surveyor|teacher|teaching|technician|technologist|therapist|trainee|trainer|translator|treasurer|tutor|underwriter|vet|"
    r"volunteer|waiter|waitress|warehouse|welder|worker|writer|consulting|internship|training|employee|organi[sz]er|administrator|tester|sister|matron|ceo|sde|superviser|faculty|admin|freelancing|devops|md|gm|merchandiser|promoter|telecaller|trustee|coder|modeller|planner|processor|vice[- ]president|president)s?\b",
    re.IGNORECASE,
)  # fmt: skip
DEGREE = re.compile(
    r"(?:\b(?:ph\.?d|m\.?sc|b\.?sc|b\.?a|m\.?a|ll\.?[bm]|b\.?eng|m\.?eng|b\.?tech|m\.?tech|b\.?com|mba|pgce|btec|nvq|gcses?|a[- ]levels?|hnd|hnc|gpa|bs|ms|bfa|"
    r"bachelor\w*|master'?s?|diploma|degree|doctorate|certificate|certification|associate\s+(?:of|degree)|apprenticeship|studies|semester|"
    r"graduated|secondary|ssc|hsc|sslc|puc|class\s+(?:x|xii|10|12)|x(?:ii)?(?:th)?\s+(?:std|standard)|10th|12th|intermediate|matric\w*|b\.?e|bca|mca|bba|b\.?ed|m\.?ed|b\.?pharm|pgdm|pgd|mbbs|gnm|anm|iti|abitur|licen[cs]e)\b)",
    re.IGNORECASE,
)
SCHOOL = re.compile(
    r"\b(?:university|vidyalaya|vidya|mandir|nit|iiit|bits|iim|cbse|icse|vishwavidyalaya|mahavidyalaya|college|school|institute|academy|polytechnic|universit\w+|faculty|conservatoire|iit|mit)\b",
    re.IGNORECASE,
)
ORGANISATION = re.compile(
    r"\b(?:ltd|co(?=\.|,|$|\s+(?:ltd|limited|kg))|llc|llp|inc|gmbh|plc|corp|ag|s\.a\.|pvt|limited|company|group|hospital|mart|infotech|technology|tech|networks|enterprises|ventures|corporation|organi[sz]ation|airlines|airways|constructions?|builders|exports|traders|pharma\w*|healthcare|insurance|finance|financials?|capital|securities|infosys|wipro|tcs|accenture|cognizant|capgemini|ibm|oracle|amazon|google|microsoft|deloitte|kpmg|hcl|clinic|bank|council|trust|nhs|agency|studio|labs?|solutions|services|systems|"
    r"technologies|consulting|partners|associates|foundation|association|ministry|department|hotel|restaurant|kitchen|bistro|care|centre|center|"
    r"logistics|transport|freight|stores?|supermarket|retail|motors|industries|works|construction|electrical|energy|software|research|chambers|library|museum)\b",
    re.IGNORECASE,
)
CONTACT = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,63}\.\w|(?:\+|\b00)\d[\d\s().*-]{7,}|\b\d{3}[-.\s]\d{3}[-.\s]\d{4}\b|https?://|www\.|\b(?:linkedin|github|gitlab|behance|dribbble)\b(?:\.com)?/?\S*",
    re.IGNORECASE,
)
LABEL = re.compile(r"^([A-Z][\w &/+.-]{1,38}):\s+(.*)$")

WEAK_TITLE = re.compile(
    r"\b(?:development|engineering|management|operations|marketing|accounts|recruitment|support|administration|testing|design|services?\s+desk|"
    r"maintenance|quality|procurement|business|project|dba|qa|hr|sde|get|vp|avp|svp|md|gm|agm|dgm|bde|pgt|tgt|prt|ra|ta|team)\b",
    re.IGNORECASE,
)
EMPLOYMENT_TYPE = re.compile(
    r"(?:full|part)[- ]?time|contract(?:ual)?|remote|hybrid|on[- ]?site|permanent|temporary|self[- ]employed|freelance|seasonal|"
    r"work from home|expected graduation|graduated|current|team size\s*\W?\s*\d+",
    re.IGNORECASE,
)
LENGTH_OF_TIME = re.compile(
    r"(?:(?:about|over|approx\.?)\s+)?(?:\d+(?:\.\d+)?\+?\s*(?:years?|yrs?\.?|y|months?|mos?\.?|mths?|weeks?|days?)(?:\s*(?:,|and|&)?\s*)?)+(?:\s*duration)?|less than a year",
    re.IGNORECASE,
)
ENTRY_LABELS: dict[str, str] = {
    **dict.fromkeys(("company", "company name", "name of company", "name of the company", "organization", "organisation", "organization name",
                     "organisation name", "name of organization", "name of organisation", "name of the organization", "employer", "employer name", "firm",
                     "institute", "institution", "institute name", "university", "college", "school", "hospital"), "organisation"),
    **dict.fromkeys(("designation", "position", "job title", "title", "role", "post", "job role", "current designation", "post held", "position held",
                     "degree", "course", "qualification", "project", "project name", "project title", "title of project"), "title"),
    **dict.fromkeys(("duration", "period", "tenure", "dates", "date", "from", "time period", "working period", "location", "place", "city", "client",
                     "client name", "team size", "department", "reporting to", "ctc", "joining date", "date of joining", "board", "work period"), "skip"),
}  # fmt: skip
_PLACES = frozenset(
    """agra ahmedabad ajmer aligarh allahabad amravati amritsar aurangabad bangalore bengaluru bareilly belgaum bhilai bhopal bhubaneswar bihar bikaner
    calicut chandigarh chennai coimbatore cuttack dehradun delhi dhanbad durgapur ernakulam faridabad gandhinagar ghaziabad goa gorakhpur gujarat guntur
    gurgaon gurugram guwahati gwalior haryana hubli hyderabad indore jabalpur jaipur jalandhar jammu jamshedpur jharkhand jodhpur kanpur karnataka kerala
    kochi cochin kolhapur kolkata kota kozhikode lucknow ludhiana madurai maharashtra mangalore mangaluru manipal meerut mohali mumbai mysore mysuru nagpur
    nashik noida odisha patiala patna pondicherry puducherry pune punjab raipur rajasthan rajkot ranchi salem secunderabad shillong shimla siliguri surat
    telangana thane thiruvananthapuram thrissur trichy trivandrum udaipur udupi uttarakhand vadodara varanasi vellore vijayawada visakhapatnam vizag warangal
    india usa uk uae us canada australia germany france singapore dubai london paris berlin munich zurich amsterdam dublin toronto vancouver montreal sydney
    melbourne tokyo boston chicago seattle austin houston dallas atlanta denver miami california texas florida virginia washington oregon georgia ohio
    illinois massachusetts england scotland wales ireland netherlands switzerland spain italy japan china remote manchester birmingham leeds edinburgh glasgow
    bristol pennsylvania michigan minnesota colorado arizona philadelphia phoenix detroit oxford cambridge brussels vienna madrid barcelona lisbon rome milan
    stockholm copenhagen oslo helsinki warsaw prague doha riyadh muscat kuwait bahrain qatar nairobi lagos johannesburg karachi lahore islamabad dhaka
    kathmandu colombo malaysia""".split()
)
_PLACE_NAMES = frozenset(
    """new delhi|new york|new jersey|navi mumbai|greater noida|tamil nadu|andhra pradesh|madhya pradesh|uttar pradesh|himachal pradesh|west bengal|hong kong|
    san francisco|los angeles|san jose|san diego|palo alto|mountain view|santa clara|united states|united kingdom|south africa|saudi arabia|abu dhabi|
    sri lanka|north carolina|south carolina|new zealand|kuala lumpur|las vegas|delhi ncr|new york city|washington dc|bay area|jammu and kashmir""".replace("\n    ", "").split("|")
)  # fmt: skip


STATES = frozenset("CA NY TX WA MA NJ IL VA GA FL PA OH NC MI CO AZ MN OR UT TN MD UP MP AP KA MH WB TS HP".split())
WORKED_AS = re.compile(
    r"(?:i am |i have |i )?(?:currently |presently )?(?:working|worked|employed|associated)(?: as)?(?: an?| the)? (?P<title>[A-Z][^,.]{2,60}?)"
    r",? (?:in|at|with|for) (?:M/s\.? ?)?(?P<organisation>[A-Z][^,]{1,70}?)(?:, (?P<place>[A-Z][\w ,]{2,40}?))?[ ,]+(?:from|since|during|for the period)\b",
    re.IGNORECASE,
)
"""How a job is told in one sentence, usual in India: "Worked as Cook at Hotel Marina, Kochi from May 2018 to June 2020"."""
_TOWN_IN_STATE = re.compile(rf"[A-Z][\w .'-]+,\s?(?:{'|'.join(sorted(STATES))})")
_AREA = re.compile(
    r"^(?:greater|district|dist\.?)\s+|\s+(?:area|district|region|metropolitan region|metropolitan area)$"
)


def is_place(text: str) -> bool:
    """Whether the text is nothing but a place: a known city, state or country, or a list of such."""
    if not text[:1].isupper():
        return False
    if text in STATES or _TOWN_IN_STATE.fullmatch(text):
        return True
    parts = [part for raw in re.split(r"[,/&]|\s[-–]\s", text) if (part := _AREA.sub("", raw.strip(" .()").lower()))]
    known = [part in _PLACES or part in _PLACE_NAMES for part in parts]
    return bool(known) and (all(known) or (known[-1] and len(known) == 2))
