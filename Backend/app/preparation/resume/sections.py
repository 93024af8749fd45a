"""From raw text to logical lines: icons and hyphenation gone, wrapped lines joined, section headings known."""

# Patterns read best in one piece.
# ruff: noqa: E501

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from app.preparation.resume.dates import find_period

Section = Literal[
    "top",
    "summary",
    "experience",
    "education",
    "projects",
    "skills",
    "volunteering",
    "awards",
    "certificates",
    "publications",
    "languages",
    "interests",
    "other",
]

_MAX_CHARS = 120_000
_MAX_LINES = 3_000
# A whole resume pasted as one line has some 6,000 characters. Longer lines and "words" are no prose, and patterns stay quick.
_MAX_LINE = 6_000
_LONG_WORD = re.compile(r"\S{120,}")
_HEADINGS: tuple[tuple[Section, str], ...] = (
    ("experience", r"(?:(?:work|working|job|corporate|organi[sz]ational|international|total|industrial|internship|professional|employment|relevant|teaching|clinical|industry|legal|kitchen|driving|career|selected|further|other|previous|research|site|sales|work\s+and\s+\w+)\s+)*(?:experiences?|employment|history|positions?|roles|jobs)(?:\s+(?:history|so\s+far|and\s+\w+))?|career|career\s+summary|where\s+i(?:'ve| have)\s+worked|(?:\w+\s+)?internships?(?:\s+(?:details|undergone|undertaken|and\s+\w+(?:\s+\w+)?))?|(?:industrial|summer|vocational|in-?plant)\s+trainings?|experience\s+\w+|placements?|clinical\s+placements?"),
    ("education", r"(?:education(?:al)?(?:\s+\w+)?|academics?|academic\s+(?!projects?\b)\w+|scholastics?(?:\s+\w+)?|educational\s+(?:qualifications?|background|details|credentials)|school(?:ing)?|studies|qualifications?|training|education\s+(?:and|&)\s+\w+|training\s+(?:and|&)\s+\w+|coursework|(?:relevant|key)\s+(?:coursework|courses)|courses|degrees?)"),
    ("certificates", r"(?:(?:professional|technical|other)\s+)?(?:certifications?|certificates?|licen[cs]es?|licensure)(?:\s*(?:and|&|/)\s*\w+(?:\s+\w+)?)?"),
    ("publications", r"(?:(?:selected|research|journal)\s+)?(?:publications?|papers|patents|invited\s+talks|talks|conferences?)(?:\s*(?:and|&|/)\s*\w+)?"),
    ("projects", r"(?:(?:mini|major|minor|final\s+year|b\.?tech|college|live|main|research|professional|recent|it|selected|personal|academic|side|key|notable|course|student|university|open[- ]source)\s+)*(?:projects?(?:\s+(?:details|undertaken|undergone|done|handled|work|profile))?|case\s+studies|portfolio|matters|cases)(?:\s+experience)?|selected\s+(?:works?|matters|cases)"),
    ("skills", r"(?:(?:top|main|hard|key|core|other|additional|technical|professional|personal|interpersonal|language|relevant|it|computer|key\s+technical|clinical|soft|my)\s+)*(?:skills?|competenc(?:y|ies|es)|tools|technologies|stack|expertise|strengths|software|proficiencies|technical\s+proficiency|software\s+programs|fields|areas\s+of\s+\w+)(?:\s*(?:and|&|,)\s*[\w ]+)?"),
    ("summary", r"(?:summary(?:\s+of\s+\w+)?|(?:career|work|executive)\s+(?:profile|summary|overview|goal)|career\s+objectives?|profile(?:\s+summary)?|objectives?|synopsis|overview|about(?:\s+me)?|objective|career\s+objective|personal\s+(?:statement|profile)|professional\s+(?:summary|profile)|introduction|who\s+i\s+am|in\s+short|statement)"),
    ("volunteering", r"(?:volunteer(?:ing)?(?:\s+\w+)?|(?:positions?|posts?)\s+of\s+responsibilit(?:y|ies)|responsibilities\s+held|(?:on[- ]?)?campus\s+involvement|involvement|(?:co|extra)-?\s?curricular(?:\s+(?:activities|achievements))?|social\s+(?:work|service)|community(?:\s+\w+)?|extra-?curricular(?:\s+activities)?|things\s+i\s+have\s+done|what\s+i\s+have\s+done|activities|leadership(?:\s+(?:and|&)\s+\w+)?|clubs(?:\s+and\s+\w+)?|outside\s+work|societies)"),
    ("awards", r"(?:(?:selected\s+)?(?:(?:key|academic|professional|career|notable|scholastic)\s+)?(?:awards?|honou?rs|achievements?|prizes|accomplishments|recognitions?|scholarships?)(?:\s*(?:and|&|/)\s*\w+)?)"),
    ("languages", r"(?:languages?(?:\s+(?:known|spoken|proficiency))?|linguistic\s+\w+|known\s+languages)"),
    ("interests", r"(?:interests?|hobbies|hobbies\s+(?:and|&)\s+\w+|interests\s+(?:and|&)\s+\w+)"),
    ("other", r"(?:additional\s+(?:information|details)|other\s+(?:information|details)|personal(?:\s+(?:profile|bio-?data|particulars|traits|strengths|vitae))|passport\s+details|miscellaneous|memberships?|affiliations?|references?|contact(?:\s+\w+)?|details|personal\s+(?:details|information|data)|links|status|operating\s+systems|declaration|references\s+available.*)"),
)  # fmt: skip
_HEADING_PATTERNS = tuple((section, re.compile(rf"(?:{pattern})", re.IGNORECASE)) for section, pattern in _HEADINGS)
HEADING = re.compile("|".join(rf"(?:{pattern})" for _, pattern in _HEADINGS), re.IGNORECASE)
_BULLET = re.compile(r"^\s*(?:[•·◦‣▪●○■□–—*➢➤►✓✔§¤]|-(?=\s)|\uf0b7|o(?=\s+[A-Z])|\d{1,2}[.)](?=\s))\s*")
_COLUMN_BREAK = "\u241e"
_GO_ON = frozenset({"experience", "education", "projects"})
_LIST_SEPARATOR = re.compile(r"[,|;•·/]")


@dataclass(frozen=True, slots=True)
class ResumeLine:
    """One logical line. `bullet` says it stood in a list; `section` is the section it belongs to."""

    text: str
    bullet: bool
    section: Section
    starts_block: bool = False


def clean_text(text: str) -> str:
    """Icons, control characters, ligatures and soft hyphens gone; at most 120,000 characters and 3,000 lines."""
    text = text[:_MAX_CHARS].replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    # Between blanks or figures a soft hyphen was meant as a dash.
    text = re.sub(r"(?<=[\s\d])\u00ad(?=[\s\d])", "-", text)
    text = re.sub(r"[\ufffe\u00ad\u2010]\s*\n?\s*(?=[a-zà-ÿ])", "", text)
    text = re.sub(r"(?<=[a-zà-ÿ])-\n(?=[a-zà-ÿ])", "-", text)
    text = unicodedata.normalize("NFKC", text)
    text = "".join(ch for ch in text if ch in "\n\t" or unicodedata.category(ch) not in {"Cc", "Cf", "Co", "Cs", "Cn"})
    text = text.replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    text = _without_markup(text)
    lines = [
        re.sub(r"[ \t]+", lambda m: "\t" if "\t" in m.group() or len(m.group()) > 3 else " ", line).strip()
        for line in text.split("\n")
    ]
    return "\n".join(_LONG_WORD.sub(" ", line)[:_MAX_LINE] for line in lines[:_MAX_LINES])


def _without_markup(text: str) -> str:
    """Markdown as people paste it: its words, a blank line before what was a heading."""
    text = re.sub(r"(?m)^#{1,6}\s+", "\n", text)
    text = re.sub(r"(\*\*|__|`)(?=\S)([^\n]{1,400}?)(?<=\S)\1", r"\2", text)
    return re.sub(r"(?m)^([*_])(?=[^\s*_])([^\n*_]+)\1\s*$", r"\2", text)


def joined_letters(line: str) -> str:
    """Letter-spaced headings ("E D U C A T I O N", common in designed resumes) as words; two blanks part two words."""
    if not re.fullmatch(r"(?:\w[ \t]{1,2}){3,}\w|(?:(?:\w ){2,}\w(?:\s{2,}|\t)?)+", line):
        return line
    return " ".join(word.replace(" ", "") for word in re.split(r"\s{2,}|\t", line))


def heading_of(line: str) -> Section | None:
    """The section a line opens, or None. A heading is short, carries no date and no sentence."""
    bare = line.strip(" :.-–—_=#*|•\t").strip()
    # "WORK EXPERIENCE:-" and "Skills (2 years)": what stands behind is decoration.
    bare = re.sub(r"\s*[:–-]+$", "", bare)
    bare = joined_letters(bare)
    if not bare or len(bare) > 48 or len(bare.split()) > 6 or find_period(bare):
        return None
    for section, pattern in _HEADING_PATTERNS:
        if pattern.fullmatch(bare):
            return section
    return None


def _inline_heading(line: str) -> tuple[Section, str] | None:
    """ "Skills: Excel, Word" opens a section and holds its first line."""
    head, colon, rest = line.partition(":")
    if not colon or not rest.strip() or len(head) > 30:
        return None
    section = heading_of(head)
    return (section, rest.strip()) if section in {"skills", "languages", "summary", "interests"} else None


def _continues(previous: str, line: str, widest: int, *, in_bullet: bool) -> bool:
    """Whether `line` is the wrapped rest of `previous`. Only a line that was full, or one cut mid-phrase, wraps."""
    if not previous or not line:
        return False
    period = find_period(line)
    if period and (len(line) < 60 or (period.ranged and line[:1].isupper())):
        return False
    full = len(previous) >= 0.72 * widest and widest >= 34
    if previous.endswith((".", "!", "?", ":")):
        return False
    first = line.lstrip("(\"'")[:1]
    if previous.endswith((",", "-", "–", "&")) or re.search(
        r"\b(?:and|or|of|the|a|an|to|with|for|by|in|on|at|from|into|our|my)$", previous
    ):
        return True
    if first.islower():
        return in_bullet or full or len(previous) > 40
    return in_bullet and full and len(previous) > 30 and not line.isupper()


def _without_footers(lines: list[str]) -> list[str]:
    """Lines that come again on every page, apart from their number, are the page's and not the person's."""
    shapes = Counter(re.sub(r"\d+", "#", line.lower()) for line in lines if line)
    name = next((line.lower() for line in lines if line), "")
    kept: list[str] = []
    for line in lines:
        lowered = line.lower()
        shape = re.sub(r"\d+", "#", lowered)
        again = shapes[shape] > 1 and "#" in shape
        owned = bool(re.search(r"r[eé]sum[eé]|curriculum|\bpage\b", lowered)) or (len(name) > 4 and name in lowered)
        numbered = re.fullmatch(r"(?:page\s*)?\d{1,2}\s*(?:(?:of|/)\s*\d{1,2})?", lowered)
        if (again and owned) or numbered:
            continue
        kept.append(line)
    return kept


def logical_lines(text: str) -> list[ResumeLine]:
    """The lines of `text` (raw or cleaned) with wraps joined and sections known, in order."""
    raw = _without_footers(clean_text(text.replace("\f", f"\n{_COLUMN_BREAK}\n")).split("\n"))
    lengths = sorted(len(line) for line in raw if len(line) > 20)
    widest = min(lengths[int(0.9 * (len(lengths) - 1))], 130) if lengths else 0
    section: Section = "top"
    lines: list[ResumeLine] = []
    after_blank = True
    inline_open = False
    for line in raw:
        if not line:
            after_blank = True
            continue
        if line == _COLUMN_BREAK:
            # Another column begins: the list that was read last does not go on in it.
            section, after_blank = (section if section in _GO_ON else "top"), True
            continue
        bullet = _BULLET.match(line)
        body = line[bullet.end() :].strip() if bullet else line
        if not body:
            continue
        opened = None if bullet else heading_of(body)
        if opened:
            section = opened
            after_blank = True
            continue
        inline = None if bullet or section in {"experience", "projects"} else _inline_heading(body)
        here = section
        if inline:
            here, body = inline
            after_blank = True
        elif inline_open and not bullet and not after_blank and lines:
            # "Skills: …" names its own line and the wrapped rest of it, not what follows.
            here = lines[-1].section
        last = lines[-1] if lines else None
        if (
            last
            and not bullet
            and not inline
            and not after_blank
            and last.section == here
            and _continues(last.text.split("\t")[-1], body, widest, in_bullet=last.bullet)
            and "\t" not in body
        ):
            joint = "" if last.text.endswith("-") and body[:1].islower() else " "
            lines[-1] = ResumeLine(last.text + joint + body, last.bullet, section, last.starts_block)
        else:
            if not inline:
                here, inline_open = section, False
            lines.append(ResumeLine(body, bullet is not None, here, after_blank))
        inline_open = inline_open or inline is not None
        after_blank = False
    return lines


def list_items(text: str) -> list[str]:
    """Entries of a comma, bar, dot or tab separated list, parentheses kept whole."""
    text = text.replace("\t", ",")
    parts: list[str] = []
    depth, start = 0, 0
    for position, ch in enumerate(text):
        depth += (ch == "(") - (ch == ")")
        if (
            depth <= 0
            and _LIST_SEPARATOR.match(ch)
            and not (ch == "/" and 0 < position < len(text) - 1 and text[position - 1] != " ")
        ):
            parts.append(text[start:position])
            start = position + 1
    parts.append(text[start:])
    return [p.strip(" .;:-–—\t") for p in parts if p.strip(" .;:-–—\t")]
