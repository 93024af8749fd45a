"""What sort of thing a key point asks for, and the words by which an answer shows that it is given.

Cosine alone finds the topic of a clause, not whether it is a result, a reason or a lesson: "we talked about some
options" lies as near to a reason as a reason does. These shapes are the same in every trade, so a nurse's and an
engineer's answer are held to the same measure.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from app.services.language_model.base import KeyPoint

Sort = Literal["result", "own", "reason", "obstacle", "other_side", "settled", "learned", "plan", "transfer", "check"]

# Read from the point's own wording. A point may ask for two things; one that fits none is judged by meaning alone.
_ASKED: Final[tuple[tuple[Sort, re.Pattern[str]], ...]] = tuple(
    (sort, re.compile(pattern, re.IGNORECASE))
    for sort, pattern in (
        ("result", r"\b(?:result|outcome|effect|impact|what changed|improve|before and after|in the end|consequence)"),
        ("own", r"\b(?:in person|own (?:part|role|action|step|contribution|decision)|personally|steps? (?:the|they|taken)|"
         r"they did|candidate did|what (?:he|she|they) (?:did|took)|acted|action)"),
        ("reason", r"\b(?:reason|why|alternative|trade-?off|weigh|criteri|set aside|instead|options?|choice|because)"),
        ("obstacle", r"\b(?:stood in the way|obstacle|difficult|hard(?:est)?|problem|challenge|constraint|resist|cause|"
         r"went wrong|risk|pressure)"),
        ("other_side", r"\b(?:other (?:person|side|party)|view|perspective|listen|understands? (?:the|what|why)|empath|"
         r"concern)"),
        ("settled", r"\b(?:settled|resol|agree|compromise|relationship|common ground|solution)"),
        ("learned", r"\b(?:learn(?:ed|t)|differently|next time|lesson|hindsight|reflect|looking back|takes? away)"),
        ("plan", r"\b(?:plan|first (?:weeks?|days?|month)|close the gap|how .{0,20}learn|catch up|up to speed)"),
        ("transfer", r"\b(?:comparable|similar|transfer|comes close|related|already (?:done|did|knows?)|earlier)"),
        ("check", r"\b(?:check|verif|test|measur|monitor|make sure|evidence|how .{0,20}knew)"),
    )
)  # fmt: skip

_SHOWN: Final[dict[Sort, re.Pattern[str]]] = {
    sort: re.compile(pattern, re.IGNORECASE)
    for sort, pattern in {
        "result": r"\b(?:in the end|as a result|afterwards?|since then|result(?:ed|s)?|"
        r"(?:went|came|fell|dropped|rose|grew|cut|reduced|down|up|improved|increased|decreased|raised|saved|gained|doubled|"
        r"halved|tripled|finished|won|passed|accepted|less|fewer|more|faster|instead of|shorter|quicker)\b.{0,60}?"
        r"(?:\d|percent|half|third|quarter|twice|one|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand"
        r"|weeks?|months?|days?)|(?:\d|percent|half|third|quarter)\S* (?:less|fewer|more|faster|better|of them|late)"
        r"|saved|is still|are still|was (?:fixed|solved|gone|adopted))\b",
        "own": r"$^",  # Counted as own actions, not by a cue.
        "reason": r"\b(?:because|since (?!then)|the reason|so that|in order to|decided against|instead of|rather than|"
        r"alternative|could have|would have|considered|compared|weighed|trade-?off|on the other hand|the other option|"
        r"cheaper|safer|faster|more important|came first|chose|opted|recommended|priority|outweighed|too (?:risky|slow|"
        r"expensive|costly)|cost more|due to)\b",
        "obstacle": r"\b(?:hard(?:est)?|difficult|problem|obstacle|challenge|struggled?|refused|resist\w*|short[- ]?staffed|"
        r"(?:short|lack) of|did(?:n't| not) (?:want|like|work|have|believe|know)|late|broke|crumbled|failed|missing|"
        r"(?:too|simply) (?:cold|hot|slow|late|much|many|few|little|old|expensive)|turned out|at first|nobody|caus(?:e|ed|ing)|"
        r"blank|furious|angry|complain\w*|pressure|stuck|unsigned|conflict|pushed back|behind schedule|ran out)\b",
        "other_side": r"\b(?:(?:he|she|they|who|customer|parent|patient|manager|client|colleague) (?:was|were|felt|feared|wanted|"
        r"had wanted|needed|thought|believed|said|told me|saw|worried|expected|complained)|(?:his|her|their) (?:point of view|side|"
        r"concern|worry|reason|fear|view)|i (?:listened|understood|asked (?:him|her|them|what|why|how))|asked (?:him|her|them)|"
        r"put myself|felt (?:passed|left|ignored|unheard|that)|worried|in (?:his|her|their) shoes)\b",
        "settled": r"\b(?:agreed|agreement|compromise|settled|solved|resolved|apologi[sz]ed|thanked|trust(?:s|ed)?|is still|"
        r"are still|since then|in the end|accepted|get on|got on|came (?:back|to me)|made peace|work(?:ed|ing)? (?:well )?together|"
        r"shook hands|met (?:him|her|them)? ?half ?way)\b",
        "learned": r"\b(?:next time|learn(?:ed|t)|looking back|in hindsight|would (?:have )?(?:do|done|ask|asked|put|start|bring|"
        r"test|tell|plan|talk|call|check)|should have|since then|from then on|these days|now i (?:always|never)|"
        r"i'd (?:do|ask|start|bring|put|test|plan)|taught me|lesson|differently|sooner|mistake)\b",
        "plan": r"\b(?:in the first (?:week|month|days?)|first (?:i|i'd|i would)|i(?:'d| would) (?:start|ask|shadow|read|practi[sc]e|take|"
        r"write|begin|spend|watch|set|look|go|sit|learn)|(?:online |evening )?course|lessons?|mentor|shadow|tutorial|manual|"
        r"certificat\w+|practi[sc]e|i(?:'ve| have) (?:started|enrolled|signed up|begun)|started the)\b",
        "transfer": r"\b(?:similar|comparable|same (?:principle|idea|way|thing|logic)|close to|i(?:'ve| have)? (?:already|kept|used|worked|"
        r"did|done|organi[sz]ed|managed|ran|looked after)|like (?:what|when) i|in my (?:last|previous|current)|at the|as a volunteer|"
        r"internship)\b",
        "check": r"\b(?:checked|tested|measured|verified|compared|monitored|audited|counted|tracked|reviewed|trial|made sure|"
        r"proved|confirmed|sampled|sorted|pulled)\b",
    }.items()
}

_ASKS_NUMBER: Final = re.compile(
    r"\b(?:number|numbers|figure|figures|how much|how many|quantif\w+|measured?|metric)\b", re.IGNORECASE
)


def sorts_of(point: KeyPoint) -> frozenset[Sort]:
    """What the point asks for; empty where only its meaning can tell."""
    return frozenset(sort for sort, pattern in _ASKED if pattern.search(point.text))


def asks_for_number(point: KeyPoint) -> bool:
    return _ASKS_NUMBER.search(point.text) is not None


def shows(sort: Sort, text: str) -> bool:
    """Whether a clause has the shape that this sort of point asks for."""
    return _SHOWN[sort].search(text.replace("’", "'")) is not None
