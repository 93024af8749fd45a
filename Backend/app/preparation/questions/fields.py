"""Which fields of work a text belongs to, so that a nurse is asked about handover and not about caching."""

# Patterns read best in one piece.
# ruff: noqa: E501

from __future__ import annotations

import re

_FIELDS: tuple[tuple[str, str], ...] = (
    ("care", r"nurs\w*|midwi\w+|care\s?givers?|carers?|healthcare|health\s+care|paramedic\w*|clinical|patients?|icu|ward|medical\s+assistant|doctor|physician|physiotherap\w+|therapist|pharmacist|dental|dentist|hospital"),
    ("teaching", r"teach\w*|tutor\w*|lectur\w+|educat(?:or|ion)\w*|school|classroom|professor|instructor|kindergarten|nursery|pupils?|year\s+\d+"),
    ("trades", r"electric(?:ian|al\s+\w+)|plumb\w+|carpent\w+|weld\w+|mechanic|technician|fitter|hvac|install(?:er|ation)|maintenance|machinist|joiner|builder|roofer|painter"),
    ("sales", r"sales\w*|account\s+(?:executive|manager)|business\s+development|bdr|sdr|retail|cashier|shop|store\s+\w+|key\s+account|telesales|estate\s+agent"),
    ("law", r"law\w*|legal|solicitor|barrister|attorney|paralegal|counsel|litigation|compliance|contract\s+manager|notary"),
    ("kitchen", r"chefs?|cook\w*|kitchen|baker\w*|sous|pastry|catering|commis|restaurant|barista|food"),
    ("finance", r"account(?:ant|ing|s)|audit\w*|bookkeep\w+|finan\w+|controller|payroll|tax|treasury|bank\w*|actuar\w+|fp&a|credit|insurance|underwriter"),
    ("backend", r"back[- ]?end|full[- ]?stack|software|developer|programmer|api|java|golang|python\s+(?:developer|engineer)|devops|site\s+reliability|sre|platform|cloud|infrastructure|systems?\s+(?:engineer|administrator)|security\s+engineer|qa|test\s+engineer|embedded"),
    ("frontend", r"front[- ]?end|web\s+(?:developer|designer)|react|javascript|typescript|full[- ]?stack|ui\s+(?:engineer|developer)|mobile|ios|android|software|developer"),
    ("science", r"lab\w*|scientist|chemist\w*|biolog\w+|physic\w+|research\w*|phd|postdoc\w*|assay|environmental"),
    ("data", r"data|machine\s+learning|ml|analytics|analyst|statistic\w+|scientist|bi|research\w*|ai"),
    ("mechanical", r"mechanical|manufacturing|automotive|cad|design\s+engineer|product(?:ion)?\s+engineer|process\s+engineer|aerospace|quality\s+engineer|machin\w+|tooling|industrial"),
    ("civil", r"civil|structur\w+|construction|site\s+(?:engineer|manager)|architect|surveyor|geotechnical|highways?|bridge|building|quantity|project\s+engineer"),
    ("hr", r"hr|human\s+resources|recruit\w+|talent|people\s+(?:partner|operations|manager)|personnel|staffing"),
    ("product", r"product\s+(?:manager|owner|lead)|scrum|agile|programme?\s+manager|project\s+manager|business\s+analyst|product"),
    ("logistics", r"driver|driving|logistics|warehouse|supply\s+chain|delivery|courier|dispatch\w*|fleet|truck|hgv|transport\w*|forklift|freight|procurement|buyer|inventory"),
    ("design", r"design(?:er)?(?!\s+engineer)|ux|ui|graphic|illustrat\w+|brand|visual|art\s+director|creative|figma"),
    ("marketing", r"market\w+|seo|content|social\s+media|brand\s+manager|campaign\w*|communications|pr|copywriter|growth|editor|journalist"),
    ("service", r"customer\s+(?:service|support|success)|call\s+cent(?:er|re)|help\s?desk|reception\w*|front\s+desk|hotel|hospitality|waiter|waitress|server|concierge|it\s+support|support\s+(?:agent|specialist|engineer)|flight\s+attendant|cabin\s+crew"),
    ("office", r"admin\w*|assistant|secretary|office|coordinator|clerk|executive\s+assistant|operations|data\s+entry|receptionist"),
    ("social", r"social\s+work\w*|youth|counsell?or|community|charity|ngo|case\s?worker|psycholog\w+|support\s+worker|safeguarding"),
    ("lead", r"manager|head|director|lead(?:er)?|chief|supervisor|foreman|principal|vp|cto|ceo|coo|cfo|team\s+lead"),
)  # fmt: skip
_PATTERNS = tuple((name, re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)) for name, pattern in _FIELDS)

FIELD_NAMES: tuple[str, ...] = tuple(name for name, _ in _FIELDS)


def fields_of(text: str) -> tuple[str, ...]:
    """Fields the text names, the most often named first; empty when it names none."""
    sample = text[:8000]
    counted = [(len(pattern.findall(sample)), -order, name) for order, (name, pattern) in enumerate(_PATTERNS)]
    return tuple(name for count, _, name in sorted(counted, reverse=True) if count)
