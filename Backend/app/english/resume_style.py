"""Resume style made speakable: "Built data pipeline" wants its article, and a row of deeds its "and".

Only nouns that certainly count get an article (a closed list): a wrong one sounds worse than a missing one.
"""

from __future__ import annotations

import re
from dataclasses import replace

from app.english.grammar import SecondPersonClause, article, is_past_verb

_COUNT_NOUNS = frozenset(
    # One of a kind that can be built, led or changed; each is wrong in the singular without an article.
    """agency algorithm app application approach archive assistant backend bot brand budget bus business calculator
    campaign cell center centre chapter chatbot class classifier clinic club cluster code-base codebase committee
    community company compiler component conference controller council course crew curriculum dashboard database
    dataset department device division document editor engine event experiment extension firm forecast forum
    framework frontend function fund game gateway group guide handbook hub initiative interface journal kernel kit lab
    laboratory language layer library lifecycle line manual mechanism method methodology model module network newsletter
    office operation orchestra organisation organization package paper parser partnership patent pipeline plan platform
    player playbook plugin podcast policy pool portal portfolio practice procedure process product program programme
    project proposal protocol prototype questionnaire region repository review robot roadmap rota rule scheduler
    scheme school script section sensor series server service shop simulation simulator site solution squad startup
    store strategy stream studio study suite survey system task team template theatre theory tool toolkit tracker unit
    vaccine vehicle version ward warehouse webinar website workflow workshop""".split()  # noqa: SIM905
) - {"series", "business"}
_MAKING = frozenset(
    """authored began built co-authored co-founded coded composed conceived constructed created designed developed
    devised engineered established formed founded implemented initiated introduced invented launched made organised
    organized produced programmed proposed prototyped published shipped started wrote""".split()  # noqa: SIM905
)
_ENDS_PHRASE = re.compile(
    r"^(?:of|for|with|by|in|on|at|to|from|into|as|and|or|&|that|which|using|via|across|through|over|under|between|"
    r"within|during|after|before|so|while|reducing|increasing|improving|serving|enabling|supporting|covering|used|"
    r"deployed|accepted|adopted|based|written|built|led|called|named|published|presented|-|–|—)$",
    re.IGNORECASE,
)
_DETERMINED = re.compile(
    r"^(?:an?|the|this|that|these|those|my|our|your|his|her|its|their|all|both|each|every|any|some|no|one|two|three|"
    r"four|five|six|seven|eight|nine|ten|several|many|few|multiple|various|numerous|new-?found|\W*\d.*|.*['’]s?)$",
    re.IGNORECASE,
)
_LONGEST_PHRASE = 6


def speakable(clause: SecondPersonClause) -> SecondPersonClause:
    """The clause with the small words that resumes leave out; its fact is cut to what still stands word for word."""
    if clause.form != "past":
        return clause
    text = with_and(clause.text)
    words = text.split()
    at = next((index for index, word in enumerate(words) if word.lower().strip(",") == clause.verb), None)
    if at is not None:
        text = " ".join([*words[: at + 1], *with_article(clause.verb, words[at + 1 :])])
    fact = clause.fact
    while fact not in text and ", " in fact:
        fact = fact.rsplit(", ", 1)[0]
    return replace(clause, text=text, fact=fact) if fact in text else clause


def with_article(verb: str, body: list[str]) -> list[str]:
    """`body` (what follows `verb`), with "a", "an" or "the" before it where its noun phrase lacks one.

    Something made is new to the listener ("built a pipeline"); something dealt with is known ("scaled the team").
    """
    phrase = _noun_phrase(body)
    if not phrase or _DETERMINED.match(phrase[0]) or _is_name(phrase):
        return body
    head = phrase[-1].strip(",.;:()").lower()
    if head not in _COUNT_NOUNS:
        return body
    following = [word.lower() for word in body[len(phrase) : len(phrase) + 2]]
    counted = len(following) == 2 and following[0] == "of" and bool(re.match(r"\W*\d", following[1]))
    new = counted or verb in _MAKING
    return [article(phrase[0]) if new else "the", *body]


def with_and(text: str) -> str:
    """ "designed X, built Y, tested Z" with "and" before its last deed; unchanged where that is not its shape."""
    parts = text.split(", ")
    if len(parts) < 2 or re.search(r"\b(?:and|or|&)\b", parts[-1].split(" ")[0]):
        return text
    deeds = [part.split(" ")[0] for part in parts[1:]]
    if not all(is_past_verb(deed.lower(), part.split(" ")[1:]) for deed, part in zip(deeds, parts[1:], strict=True)):
        return text
    lowered = [parts[0], *(part[:1].lower() + part[1:] for part in parts[1:])]
    comma = "," if len(lowered) > 2 else ""
    return ", ".join(lowered[:-1]) + f"{comma} and {lowered[-1]}"


def _noun_phrase(body: list[str]) -> list[str]:
    phrase: list[str] = []
    for word in body[: _LONGEST_PHRASE + 1]:
        if _ENDS_PHRASE.match(word.strip(",;")):
            return phrase
        phrase.append(word)
        if word.endswith((",", ";", ":", ".")) or len(phrase) > _LONGEST_PHRASE:
            break
    return phrase if len(phrase) <= _LONGEST_PHRASE else []


def _is_name(phrase: list[str]) -> bool:
    """A capital in the middle of the sentence on the head itself: "joined Data Platform" is somebody's name for it."""
    return phrase[-1][:1].isupper()
