"""English enough to turn a resume line into a clause that follows "you".

There is no list of permitted verbs: a past form is recognised by its ending or as one of the irregular verbs
(a closed class of the language); whatever cannot be recognised is quoted instead of bent into a sentence.
"""

# Word lists read best as prose.
# ruff: noqa: E501, SIM905

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_IRREGULAR_PAST = frozenset(
    """arose ate became began bent bet bid blew bore bought bound broke brought built came caught chose cut dealt did
    drew drove dug fed fell felt flew fought found gave got grew had held helped hid hit kept knew laid led left lent let
    lit lost made met oversaw overcame outsold paid put quit ran rang read rebuilt rethought rewrote rode rose said sang sat saw
    sent set sewed shaped shot showed shrank shut sold sought spent spoke sped split spread spun stood strove struck swept
    taught thought threw told took undertook understood underwent upheld went withdrew won wore wound wove wrote""".split()
)
_ED_ADJECTIVES = frozenset(
    """accomplished accredited advanced bed certified chartered chilled combined committed complicated dedicated detailed
    distinguished driven educated embedded experienced fixed-term gifted integrated licensed limited motivated
    need proven qualified registered related red required seasoned self-motivated shed skilled speed feed seed
    unmatched unrivalled talented trusted varied weed applied mixed distributed automated associated""".split()
)
# "Integrated Camunda" is a deed, "Integrated systems" a noun: only these are deeds when something definite follows.
_EITHER = frozenset(
    "advanced integrated distributed automated limited applied mixed combined detailed certified licensed".split()
)
_PERSON_PASSIVE = {
    "appointed": None, "awarded": None, "chosen": None, "commended": None, "elected": None, "entrusted": None,
    "featured": ("in", "on", "by"),
    "honoured": None, "honored": None, "named": None, "nominated": None, "promoted": ("to", "from", "twice", "within", "after"),
    "ranked": None, "recognised": ("as", "for", "by", "with"), "recognized": ("as", "for", "by", "with"),
    "selected": ("as", "for", "to", "by", "from"), "tasked": None, "invited": ("to", "by", "as"), "hired": ("as", "to"),
    "trained": ("in", "on", "as", "by", "to"), "involved": None, "assigned": ("to",), "shortlisted": None,
    "seconded": None, "certified": ("in", "as", "to", "by"), "licensed": ("in", "as", "to", "by"), "qualified": ("as", "in", "to"),
    "employed": ("as", "by", "in"), "based": None, "admitted": ("to",), "called": ("to",),
}  # fmt: skip
_BASE = frozenset(
    """achieve act adapt add administer advise aim analyse analyze apply argue arrange assemble assess assist attend audit
    bake balance bill book brief budget build buy calculate calibrate care carry chair check clean close coach code
    collaborate collect communicate compile complete conduct configure connect consult contact contribute control convert
    cook coordinate co-ordinate counsel create cut deal debug defend define deliver deploy design develop diagnose direct
    discuss dispatch document draft drive edit educate enable encourage enforce engage engineer ensure enter establish
    estimate evaluate examine execute expand explain facilitate file find fit fix follow forecast foster fund gather give grow
    guide handle help hire host identify illustrate implement improve increase inspect install instruct integrate
    interview introduce invent invoice investigate keep launch lead learn lecture liaise lift load log look maintain make manage map
    measure mediate meet mentor migrate model monitor motivate move negotiate nurse observe onboard operate optimise
    optimize order organise organize oversee own package participate partner perform persuade pitch plan prepare present
    price process produce program promote provide publish purchase raise realise realize receive recommend reconcile
    record recruit reduce refactor register repair replace report represent research resolve respond restore review run
    schedule secure sell serve service set shape ship simplify sketch solve source speak specify staff start stock
    streamline study supervise supply support survey take teach test track train translate transport treat troubleshoot
    tutor update upgrade use validate verify visit volunteer wire work write""".split()
)
_THINGS = frozenset(
    "code test model design report research support process audit record order log program process review file fund host price".split()
)
_ING_NOUNS = frozenset(
    "accounting building engineering nursing marketing programming plumbing training morning evening".split()
)
_FOLLOWS_PREPOSITION = frozenset(
    "act advise aim apply assist attend balance care chair collaborate communicate consult contribute deal engage help liaise "
    "look participate partner report respond serve speak support volunteer work".split()
)
_SUBJECT_ROLES = re.compile(
    r"^(?:engineer|developer|designer|manager|teacher|nurse|analyst|assistant|officer|clerk|consultant|chef|cook|driver|lead|"
    r"specialist|coordinator|executive|director|intern|trainee|technician|electrician|lawyer|accountant|tutor|work|staff|team)s?\b",
    re.IGNORECASE,
)
_PREPOSITIONS = frozenset("of for with by in on at to from as into and or is was are &".split())
_DANGLING = frozenset(
    "a an the and or of to with for by in on at from as into that which who per via using through including while its their our my your "
    "over under between across within more than up & + - – was were is are be been".split()
)
_ABBREVIATIONS = (
    "st",
    "dr",
    "mr",
    "mrs",
    "ms",
    "prof",
    "no",
    "nos",
    "vs",
    "approx",
    "inc",
    "ltd",
    "co",
    "e.g",
    "i.e",
    "etc",
    "dept",
    "ca",
    "jr",
    "sr",
)
_FIRST_PERSON = (
    (re.compile(r"\bI am\b"), "you are"), (re.compile(r"\bI'm\b"), "you are"), (re.compile(r"\bI was\b"), "you were"),
    (re.compile(r"\bI've\b"), "you have"), (re.compile(r"\bI'd\b"), "you would"), (re.compile(r"\bI\b"), "you"), (re.compile(r"\bmy\b", re.I), "your"),
    (re.compile(r"\bme\b"), "you"), (re.compile(r"\bmyself\b"), "yourself"), (re.compile(r"\bmine\b"), "yours"),
    (re.compile(r"\bour\b", re.I), "your"), (re.compile(r"\bwe were\b", re.I), "you were"), (re.compile(r"\bwe\b", re.I), "you"),
    (re.compile(r"\bus\b"), "you"),
)  # fmt: skip
_DEGREE_WORD = re.compile(r"(?:master|bachelor|diploma|degree|ma|ba|m?sc|b?sc|mb|phd)\b", re.IGNORECASE)
_DENIAL = re.compile(r"(?:i|we)?\s*(?:have|had|has|am|was|is|did|do|can|could)?\s*(?:not|never|no)\b", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'’-]*")

Form = Literal["past", "present", "gerund", "were"]


@dataclass(frozen=True, slots=True)
class SecondPersonClause:
    """A clause that follows "you" (or "your work included" for a gerund).

    `text` is ready to be spoken; `fact` is the longest stretch of the original wording that `text` contains,
    without the verb; `verb` is the first verb as written, in lower case.
    """

    text: str
    fact: str
    verb: str
    form: Form


def article(noun: str) -> str:
    """`a` or `an` for the sound the noun begins with; letters spelled out count by their name (an HR, a UX)."""
    word = noun.lstrip("\"'( ").split(" ", 1)[0] if noun.strip() else ""
    if not word:
        return "a"
    head = re.split(r"[-/]", word)[0]
    if re.match(r"^(?:8|11|18|80)", head):
        return "an"
    if head.isupper() and (len(head) <= 3 or not re.search(r"[AEIOU]", head)):
        return "an" if head[0] in "AEFHILMNORSX" else "a"
    if re.match(r"(?i)^(?:uni|use|usu|util|euro|eu|ukr|one\b|once|ub(?:er|iq))", head) and not re.match(
        r"(?i)^unin|^unim|^unid", head
    ):
        return "a"
    if re.match(r"(?i)^(?:hour|honest|honou?r|heir)", head):
        return "an"
    return "an" if head[0].lower() in "aeiou" else "a"


_NAMES = frozenset(
    "java javascript python react angular vue django excel salesforce english french german spanish italian mandarin arabic hindi figma kotlin swift "
    "ruby rust scala kubernetes docker linux windows azure google oracle adobe photoshop montessori british american european lean".split()
)


def in_sentence(phrase: str, *, names_kept: bool = False) -> str:
    """A role or skill as it stands inside a sentence: "Diary management" loses its capital, "Python" and "HR manager" keep theirs."""
    words = phrase.split()
    if (
        not words
        or len(words[0]) < 2
        or not (words[0][0].isupper() and words[0][1:].islower() and words[0].replace("-", "").isalpha())
    ):
        return phrase
    if words[0].lower() in _NAMES or any(ch.isupper() for ch in "".join(words[1:])):
        return phrase
    # A single capitalised word may be a product's name (Illustrator); only an occupation or activity is plain.
    if len(words) == 1 and names_kept:
        return phrase
    if len(words) == 1 and not re.search(
        r"(?:er|or|ist|ian|ant|ing|ment|tion|ship|care|nurse|chef|cook|clerk|sales)$", words[0].lower()
    ):
        return phrase
    return phrase[0].lower() + phrase[1:]


def with_article(noun: str) -> str:
    return f"{article(noun)} {noun}"


def first_sentence(text: str) -> str:
    """The first sentence; a dot after an abbreviation or within a number ends none."""
    for match in re.finditer(r"[.!?]\s+(?=[A-Z\"'(])", text):
        before = text[: match.start()].rsplit(" ", 1)[-1].lower().strip("(\"'")
        if before in _ABBREVIATIONS or len(before) == 1:
            continue
        return text[: match.start()].strip()
    return text.strip()


def shorten(text: str, limit: int) -> str:
    """`text` itself, or the longest opening of it that fits `limit` characters and stops at a joint of the sentence.

    Empty when there is no joint to stop at.
    """
    text = text.strip(" .;:,-–—•·")
    if len(text) <= limit:
        return text
    strong = [
        m.start()
        for m in re.finditer(
            r"[,;:]\s|\s[–—-]\s|\s\(|\s(?:which|while|where|resulting|leading|ensuring|thereby|whilst)\s", text
        )
    ]
    weak = [
        m.start()
        for m in re.finditer(
            r"\s(?:using|through|by|to|with|for|across|within|after|before|during|in|on|at|via|when|and)\s", text
        )
    ]
    for joints, least in ((strong, 5), (weak, 4)):
        for cut in reversed([j for j in joints if j <= limit]):
            head = drop_dangling(text[:cut])
            if len(head.split()) >= least and head.count("(") == head.count(")"):
                return head
    return ""


def drop_dangling(text: str) -> str:
    """Takes words off the end that promise a continuation ("a ward of" gives "a ward")."""
    words = text.strip(" .;:,-–—").split()
    while words and words[-1].lower() in _DANGLING:
        words.pop()
    return " ".join(words).strip(" .;:,-–—")


def to_second_person(text: str) -> str:
    for pattern, replacement in _FIRST_PERSON:
        text = pattern.sub(replacement, text)
    return text


def _lemma(word: str, suffix: str) -> str | None:
    stem = word.removesuffix(suffix)
    for candidate in (
        stem,
        stem + "e",
        stem[:-1] if len(stem) > 2 and stem[-1] == stem[-2] else stem,
        stem.removesuffix("i") + "y",
    ):
        if candidate in _BASE:
            return candidate
    return None


def _past_form(word: str, rest: list[str]) -> Form | None:
    following = rest[0].lower() if rest else ""
    if word in _PERSON_PASSIVE:
        needs = _PERSON_PASSIVE[word]
        if needs is None or following in needs:
            return "were"
    if following == "by":
        return None
    if word in _IRREGULAR_PAST:
        return "past" if rest else None
    for prefix in ("co-", "re-", "over", "out", "under", "re", "co"):
        if word.startswith(prefix) and word.removeprefix(prefix) in _IRREGULAR_PAST:
            return "past"
    if not word.endswith("ed") or len(word) < 4 or not rest:
        return None
    if word in _EITHER and (
        following in {"a", "an", "the", "our", "all"}
        or rest[0][0].isdigit()
        or (rest[0][0].isupper() and not _DEGREE_WORD.match(rest[0]))
    ):
        return "past"
    return None if word in _ED_ADJECTIVES else "past"


def is_past_verb(word: str, rest: list[str]) -> bool:
    """Whether `word`, followed by `rest`, says what somebody did."""
    return _past_form(word, rest) == "past"


def clause_of(text: str, *, limit: int = 140) -> SecondPersonClause | None:
    """The claim as a clause following "you", at most `limit` characters; None when it is no deed in plain words."""
    sentence = first_sentence(text.strip(" •·-–—*◦‣▪●\t"))
    if len(sentence) > 4 and sentence.isupper():
        sentence = sentence.lower()
    if _DENIAL.match(sentence):
        return None
    first, semicolon, second = sentence.partition("; ")
    # "…; obtained judgment" has no subject of its own and does not survive being said aloud after "you".
    if (
        semicolon
        and len(first.split()) >= 4
        and (second.split(" ", 1)[0].lower().endswith("ed") or second.split(" ", 1)[0].lower() in _IRREGULAR_PAST)
    ):
        sentence = first
    short = shorten(sentence, limit)
    if not short:
        return None
    words = short.split()
    subject = words[0].lower().strip(",") if words else ""
    if subject in {"i", "we", "i've", "we've"} and len(words) > 2:
        words = words[1:]
        if subject in {"i've", "we've"} or words[0].lower() == "have":
            words = words[1:] if words[0].lower() == "have" else words
        if words and words[0].lower() in {"am", "was", "are", "were"}:
            return None
        if len(words) < 2:
            return None
        verb_words = words
        kind: Form | None = "past"
        lead_word = words[0].lower()
        if lead_word in _BASE:
            kind = "present"
        if lead_word in {"can", "will", "would", "want", "love", "like", "enjoy", "hope", "need"}:
            return None
        return _assemble(verb_words, 0, kind)
    index = 0
    while index < len(words) - 2 and (
        words[index].lower().endswith("ly")
        or words[index].lower() in {"also", "jointly", "then", "further", "personally"}
    ):
        index += 1
    word = words[index].lower().strip(",") if words else ""
    rest = words[index + 1 :]
    following = rest[0].lower() if rest else ""
    lowered = short.lower()
    if re.match(r"(?:responsible|accountable) for \w|in charge of \w|part of (?:a|the) \w", lowered):
        return SecondPersonClause(
            text=f"were {words[0].lower()} {to_second_person(' '.join(words[1:]))}",
            fact=_fact(words[2:]),
            verb=words[0].lower(),
            form="were",
        )
    form = _past_form(word, rest)
    if form:
        return _assemble(words, index, form)
    if not rest or following.strip(",:") in {"of", "is"} or following.startswith(":") or words[index].endswith(":"):
        return None
    # "Teaching Assistant", "Code reviews and unit testing": things, though their first word could be a verb.
    if word.endswith("ing") and _SUBJECT_ROLES.match(rest[0]):
        return None
    joined = rest[1].lower() if len(rest) > 1 else ""
    if word in _THINGS and following.endswith("s") and joined in {"and", "of", "&"}:
        return None
    if word in _BASE:
        if _SUBJECT_ROLES.match(rest[0]) or (
            following in _PREPOSITIONS - {"and", "&"} and word not in _FOLLOWS_PREPOSITION
        ):
            return None
        if following in {"and", "&"} and (len(rest) < 2 or rest[1].lower() not in _BASE):
            return None
        # "Research integrated into the product": a thing and what was done to it, nobody's deed.
        participle = following.endswith("ed") or following in _IRREGULAR_PAST
        if participle and len(rest) > 1 and rest[1].lower() in _PREPOSITIONS:
            return None
        return _assemble(words, index, "present")
    if (
        word.endswith("s")
        and (base := _lemma(word, "es") or _lemma(word, "s"))
        and (following in {"a", "an", "the", "all"} or following[:1].isdigit())
    ):
        return _assemble([*words[:index], base, *rest], index, "present")
    if (
        word.endswith("ing")
        and word not in _ING_NOUNS
        and _lemma(word, "ing")
        and following not in _PREPOSITIONS - {"with", "for", "to", "on"}
    ):
        return _assemble(words, index, "gerund")
    return None


def _assemble(words: list[str], verb_index: int, form: Form | None) -> SecondPersonClause | None:
    if form is None:
        return None
    verb = words[verb_index].lower().strip(",")
    head = [w.lower() for w in words[: verb_index + 1]]
    body = words[verb_index + 1 :]
    spoken = " ".join([*head, *body])
    if form == "were":
        spoken = "were " + spoken
    spoken = to_second_person(spoken)
    if spoken.count("(") != spoken.count(")"):
        spoken = spoken.split("(")[0].strip()
    fact = _fact(body)
    # "Diagnosed and repaired faults": the second verb is no part of the fact.
    joined = re.match(r"(?:and|&)\s+[a-z]+\s+(?=\S+\s+\S)", fact)
    fact = fact[joined.end() :] if joined else fact
    if not fact or fact.lower() not in spoken.lower() or len(fact) < 3:
        return None
    return SecondPersonClause(text=spoken, fact=fact, verb=verb, form=form)


def _fact(words: list[str]) -> str:
    """The longest stretch of `words` that changing the person leaves as it was."""
    best: list[str] = []
    run: list[str] = []
    for word in [*words, "\0"]:
        if word == "\0" or to_second_person(word) != word:
            if len(" ".join(run)) > len(" ".join(best)):
                best = run
            run = []
        else:
            run = [*run, word]
    text = " ".join(best)
    if text.count("(") != text.count(")"):
        text = text.split("(")[0].strip()
    return text.strip(" .,;:")


def words_of(text: str) -> list[str]:
    return [w.lower() for w in _WORD.findall(text)]
