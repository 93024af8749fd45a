"""What a judge noticed in the wording, added to what is counted: hedges and firm phrases no list can know.

The counted words stand whatever a judge says, so leaving hedges out raises nothing. A noticed phrase counts where its
words occur in the answer, as often as they do, and not where a counted one stands already. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from app.domain.answer import AnswerUtterance
from app.domain.delivery import Delivery, WordCount
from app.domain.verdict import Wording
from app.english.counted_words import BOOSTERS, HEDGES, OWN_ACTION, Patterns

_OWN: Patterns = (("I + verb", OWN_ACTION),)


def with_noticed(delivery: Delivery, said: Sequence[AnswerUtterance], wording: Wording) -> Delivery:
    """`delivery` with the noticed hedges among its hedges and the firm phrases among its boosters."""
    hedges = _found(wording.hedges, said, HEDGES)
    firm = _found(wording.firm, said, (*BOOSTERS, *_OWN))
    return replace(delivery, hedges=(*delivery.hedges, *hedges), boosters=(*delivery.boosters, *firm))


def _found(phrases: Sequence[str], said: Sequence[AnswerUtterance], counted: Patterns) -> tuple[WordCount, ...]:
    found = []
    for one in said:
        text = one.text.replace("’", "'").casefold()
        taken = [match.span() for _, pattern in counted for match in pattern.finditer(text)]
        # Long ones first: "I would tend to say" is one hedge, not also "tend to".
        for phrase in sorted(phrases, key=len, reverse=True):
            words = re.findall(r"[\w']+", phrase.replace("’", "'").casefold())
            if not words:
                continue
            count = 0
            for match in re.finditer(r"\b" + r"\W+".join(map(re.escape, words)) + r"\b", text):
                if all(match.end() <= start or match.start() >= end for start, end in taken):
                    taken.append(match.span())
                    count += 1
            if count:
                found.append(WordCount(one.utterance_id, phrase, count))
    return tuple(found)
