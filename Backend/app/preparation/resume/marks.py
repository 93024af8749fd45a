"""Words and forms by which titles, degrees, employers and contact lines are told apart."""

# Patterns read best in one piece.
# ruff: noqa: E501

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
    r"volunteer|waiter|waitress|warehouse|welder|worker|writer|consulting|internship|training|employee|organi[sz]er)s?\b",
    re.IGNORECASE,
)  # fmt: skip
DEGREE = re.compile(
    r"(?:\b(?:ph\.?d|m\.?sc|b\.?sc|b\.?a|m\.?a|ll\.?[bm]|b\.?eng|m\.?eng|b\.?tech|m\.?tech|b\.?com|mba|pgce|btec|nvq|gcses?|a[- ]levels?|hnd|hnc|gpa|bs|ms|bfa|"
    r"bachelor\w*|master'?s?|diploma|degree|doctorate|certificate|certification|associate\s+(?:of|degree)|apprenticeship|studies|semester|"
    r"graduated|secondary|abitur|licen[cs]e)\b)",
    re.IGNORECASE,
)
SCHOOL = re.compile(
    r"\b(?:university|college|school|institute|academy|polytechnic|universit\w+|faculty|conservatoire|iit|mit)\b",
    re.IGNORECASE,
)
ORGANISATION = re.compile(
    r"\b(?:ltd|llc|llp|inc|gmbh|plc|corp|co|ag|s\.a\.|pvt|limited|company|group|hospital|clinic|bank|council|trust|nhs|agency|studio|labs?|solutions|services|systems|"
    r"technologies|consulting|partners|associates|foundation|association|ministry|department|hotel|restaurant|kitchen|bistro|care|centre|center|"
    r"logistics|transport|freight|stores?|supermarket|retail|motors|industries|works|construction|electrical|energy|software|research|chambers|library|museum)\b",
    re.IGNORECASE,
)
CONTACT = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,63}\.\w|(?:\+|\b00)\d[\d\s().*-]{7,}|\b\d{3}[-.\s]\d{3}[-.\s]\d{4}\b|https?://|www\.|\b(?:linkedin|github|gitlab|behance|dribbble)\b(?:\.com)?/?\S*",
    re.IGNORECASE,
)
PLACE_TAIL = re.compile(r"^(?:[A-Z][\w.'-]+(?:\s[A-Z][\w.'-]+){0,2}),\s(?:[A-Z]{2}|[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)$")
LABEL = re.compile(r"^([A-Z][\w &/+.-]{1,38}):\s+(.*)$")
