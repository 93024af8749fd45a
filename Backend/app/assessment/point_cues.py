"""What sort of thing a key point asks for, and the words by which an answer shows that it is given.

Cosine alone finds the topic of a clause, not whether it is a result, a reason or a lesson: "we talked about some
options" lies as near to a reason as a reason does. These shapes are the same in every trade, so a nurse's and an
engineer's answer are held to the same measure. A shape alone covers nothing; the judge adds it to the meaning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from app.domain.question import KeyPoint

_SOMEBODY = r"(?:he|she|they|who|him|her|them|(?:the|my|our|a|one) \w+(?: \w+)?)"
_QUANTITY = (
    r"(?:\d|percent|half|third|quarter|twice|double|one|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|"
    r"thousand|minutes?|hours?|days?|weeks?|months?|years?)"
)
_MOVED = (
    r"(?:went|came|fell|dropped|rose|grew|cut|reduced|(?:up|down) (?:from|to|by)|improved|increased|decreased|raised|"
    r"saved|gained|doubled|halved|tripled|finished|won|passed|accepted|less|fewer|more|faster|shorter|quicker|took)"
)


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of point: `asked` is looked for in the point's text, `shown` in a clause of the answer."""

    name: str
    asked: re.Pattern[str]
    shown: re.Pattern[str] | None
    may_deny: bool = False
    """Whether "not", "never", "nobody" belong to such a point as much as not."""


def _sort(name: str, asked: str, *shown: str, may_deny: bool = False) -> Sort:
    pattern = re.compile(rf"\b(?:{'|'.join(shown)})\b", re.IGNORECASE) if shown else None
    return Sort(name, re.compile(rf"\b(?:{asked})", re.IGNORECASE), pattern, may_deny)


# Own steps have no cue words: the judge counts "I did".
OWN: Final = _sort(
    "own",
    r"in person|did themselves|themselves|own (?:part|role|action|step|contribution)|personally|(?:concrete )?steps|"
    r"what they did|acted|actions?\b",
)

SORTS: Final[tuple[Sort, ...]] = (
    OWN,
    _sort(
        "situation",
        r"sets the scene|situation|was like before|background|starting point|context",
        r"when i (?:started|came|joined|took over)|at the time|back then|at the beginning|at first|before (?:that|then)",
        r"used to|had (?:been|wanted|cancelled|left)|there (?:was|were)|it mattered|the target",
        r"every (?:time|day|week|shift|month|night)",
        may_deny=True,
    ),
    _sort(
        "result",
        r"result|outcome|effect|impact|what changed|improve|in the end|consequence|came of it|was found",
        r"in the end|as a result|afterwards?|since then|turned out|resulted",
        rf"{_MOVED}\b.{{0,60}}?{_QUANTITY}\S*",
        rf"{_QUANTITY}\S* (?:less|fewer|more|faster|better|of them|late|instead)",
        r"(?:is|are) still|was (?:fixed|solved|gone|adopted|accepted)|saved (?:us|them|about)?|(?:no|not) (?:\w+ )?again",
    ),
    _sort(
        "reason",
        r"reason|why\b|criteri|choice|because|weighs? |decid",
        r"because|since (?!then)|the (?:main )?reason|so that|in order to|due to|that(?:'s| is| was) why",
        r"cheaper|safer|faster|simpler|more important|came first|came second|priority|outweighed|cost more|would have",
        r"too (?:risky|slow|expensive|costly|late|dangerous)|(?:decided|spoke|speaks) (?:against|for)|mattered",
        may_deny=True,
    ),
    _sort(
        "alternatives",
        r"alternative|options?\b|instead|set aside|turned down|compared",
        r"alternatives?|instead|rather than|could(?:'ve| have)|considered|compared|weighed|the other (?:option|way)",
        r"on the other hand|options?|either|decided against|set aside|turned down|suggested|second best|or (?:we|i) could",
        may_deny=True,
    ),
    _sort(
        "given_up",
        r"given up|trade-?off|price of|downside|waits?\b|cut\b",
        r"(?:the )?(?:price|downside|cost) (?:was|of|is)|gave up|had to wait|(?:let|left) .{0,30}wait|at the cost",
        r"cost (?:us|me)|lost|took longer|less time|on the other hand|accepted that|meant (?:that|more|less)|no longer",
        may_deny=True,
    ),
    _sort(
        "obstacle",
        r"stood in the way|obstacle|(?:was )?hard\b|hardest|difficult|problem|challenge|constraint|resist|went wrong|"
        r"pressure|overcome|did not work|struggl|worried",
        r"hard(?:est)?|difficult|problem|obstacle|challenge|struggled|tricky|stuck|trouble|blocked|at first",
        r"refused|resist\w*|pushed back|complain\w*|angry|furious|hated|ignored|against it|overloaded",
        r"(?:short|lack|out) of|short[- ]staffed|missing|broke|failed|late|behind|blank|nobody",
        r"(?:didn't|did not|couldn't|wouldn't|don't) (?:\w+ )?(?:want|like|work|have|believe|know|trust|see|fit|come)",
        r"(?:too|simply) (?:cold|hot|slow|late|much|many|few|little|old|expensive)|turned out|went wrong|unsigned",
        may_deny=True,
    ),
    _sort(
        "cause",
        r"cause|made the difference|found\b|chance",
        r"caus(?:e|ed|es|ing)|because|came from|turned out|the reason|pointed to|due to|it was the|found (?:out|that|it)",
        r"(?:sorted|pulled|compared|traced|looked|ruled out|watched|checked|measured|logged)\b.{0,60}",
        may_deny=True,
    ),
    _sort(
        "other_view",
        r"other (?:person|side|party)|\bview|perspective|empath|they felt|sees the person|really needed|wanted\b",
        rf"{_SOMEBODY} (?:was|were|felt|feared|wanted|had wanted|needed|thought|believed|said|told me|saw|worried|"
        r"expected|complained|asked|hated|loved)",
        r"(?:point of view|perspective|side|concern|worry|worries|fear|view)",
        r"i (?:listened|understood|asked)|put myself|worried|afraid|scared|frightened|passed over|under pressure",
        may_deny=True,
    ),
    _sort(
        "talked",
        r"conversation|listening|directly|talk|objection|told|tells|says? it|inform|understood",
        r"i (?:then |also )?(?:asked|told|said|explained|listened|called|rang|spoke|talked|offered|showed|suggested|"
        r"proposed|apologi[sz]ed|sat down|admitted|repeated|met|informed|insisted)",
        r"(?:let|had) (?:him|her|them) (?:talk|finish|speak|explain|show)|in private|sat (?:down )?with|conversation",
    ),
    _sort(
        "settled",
        r"settled|resol|agree|compromise|relationship|common ground|way forward|work together",
        r"agreed|agreement|compromise|settled|solved|resolved|half ?way|shook hands|way forward|accepted|gave way",
        r"apologi[sz]ed|thanked|trusts?|trusted|get on|got on|came to me|(?:is|are) still|since then|together|flowers",
    ),
    _sort(
        "learned",
        r"learn(?:ed|t)|differently|next time|lesson|hindsight|reflect|looking back",
        r"next time|learn(?:ed|t)|looking back|in hindsight|should have|since then|from then on|these days|taught me",
        r"(?:i would|i'd) (?:have |now |also )?(?:do|done|ask|asked|put|start|bring|test|tell|plan|talk|call|check|show|"
        r"involve)|now i (?:always|never)|lesson|differently|sooner|mistake|if i did it again",
        may_deny=True,
    ),
    _sort(
        "lasting",
        r"\blast\b|lasting|come back|prevent|avoided|caught|again",
        r"checklist|still (?:used|use|in place)|every (?:monday|week|month|shift|time|morning|night)|since then",
        r"trained|champions?|wrote (?:it|them|that)? ?down|double[- ]check\w*|added a|put (?:it|the question|a) \w+|form",
        r"so (?:that )?it (?:could|would|can)(?:n't| not)|not (?:happen|slip)|never (?:happened )?again",
        may_deny=True,
    ),
    _sort(
        "check",
        r"check|verif|tested|measur|monitor|make sure|how they knew?|know the work|quality|accura|mistakes|method|uncertain",
        r"checked|tested|measured|verified|compared|monitored|audited|counted|tracked|reviewed|trial|made sure|logged",
        r"proved|confirmed|sampled|sorted|pulled|second (?:look|source|pair)|before and after|report|looked (?:it )?up",
    ),
    _sort(
        "shared_out",
        r"shared out|support|leads?\b|delegat|struggling|learner|adapt|changes the approach|showed",
        r"(?:gave|paired|trained|taught|showed|helped|coached|let|asked|put) (?:each|him|her|them|everyone|one|two|three|the)",
        r"each (?:of them|person|one)|in charge|responsible for|met (?:with )?(?:him|her|them)|took turns|(?:his|her|their) own",
    ),
    _sort(
        "order",
        r"urgent|priorit|orders? the|what comes first|busiest|volume|amount of work|backwards|plans? ",
        r"first|came (?:first|second|last)|most (?:urgent|important)|priorit\w+|sorted|listed|waited|wait|deadline|ahead",
        r"split|schedule\w*|by (?:eight|nine|ten|noon|\w+day|the end)|in advance|(?:days?|weeks?) (?:before|ahead|spare)",
    ),
    _sort(
        "plan",
        r"plan to|plan for|first (?:weeks?|days?|month)|close the gap|how .{0,20}learn|get there|to learn",
        r"first (?:week|month|day|weeks|days)|(?:online |evening )?course|lessons?|mentor|shadow\w*|tutorial|manual",
        r"certifi\w+|practi[sc]e|signed up|enrolled|started the|have (?:already )?(?:started|begun)",
        r"(?:i'd|i would) (?:start|ask|shadow|read|practi[sc]e|take|write|begin|spend|watch|set|look|go|sit|learn)",
    ),
    _sort(
        "transfer",
        r"comparable|similar|transfer|comes? clos|related|experience of their own|already|done that shows|real use|"
        r"concrete case|backs? it|evidence",
        r"similar|comparable|same (?:principle|idea|way|thing|logic|thinking)|close to|comes? clos\w*|like (?:what|when) i",
        r"i(?:'ve| have)? (?:already |once )?(?:kept|used|worked|did|done|organi[sz]ed|managed|ran|built|looked after|set up|"
        r"helped)|what i did is|in my (?:last|previous|current)|as a volunteer|internship|last (?:spring|year|summer|month)",
        may_deny=True,
    ),
    _sort(
        "limits",
        r"honest|still missing|limits?|weakness|uncertain|really like|dull side|expects?",
        r"(?:haven't|have not|never|not yet|don't|do not) (?:\w+ )?(?:used|done|worked|had|know|own|been)|would need",
        r"weak(?:ness)?|wrong tool|limits?|routine|paperwork|hardest|unsure|not sure|missing|mistakes|specialist|hours",
        may_deny=True,
    ),
    _sort(
        "motive",
        r"draws|motive|motivat|their own and specific|why this",
        r"i (?:like|love|enjoy|want|wanted|noticed|look forward|prefer)|ever since|since i (?:was|did|saw)|because|"
        r"fascinat\w+|proud|satisf\w+|matters to me",
        may_deny=True,
    ),
)

_ASKS_NUMBER: Final = re.compile(
    r"\b(?:numbers?|figures?|how much|how many|quantif\w+|metric)\b(?!.{0,30}\bvisible effect)", re.IGNORECASE
)


def sorts_of(point: KeyPoint) -> tuple[Sort, ...]:
    """What the point asks for; empty where only its meaning can tell."""
    return tuple(sort for sort in SORTS if sort.asked.search(point.text))


def asks_for_number(point: KeyPoint) -> bool:
    """Whether nothing but a number will do; "a number or a visible effect" leaves the choice."""
    return _ASKS_NUMBER.search(point.text) is not None


def shows(sort: Sort, text: str) -> bool:
    """Whether a clause has the shape that this sort of point asks for."""
    return sort.shown is not None and sort.shown.search(text.replace("’", "'")) is not None
