"""What a candidate may ask for aloud: to hear the question again, or to go on to the next.

Only a line that is nothing but the wish counts. "Could you repeat the question" inside an answer about a call centre
is an answer; and who asks in other words still has the buttons.
"""

from __future__ import annotations

import re
from typing import Final, Literal

SpokenWish = Literal["repeat", "move_on"]

_LEAD: Final = r"(?:(?:um+|uh+|er+|so|well|okay|ok|oh|sorry|excuse me|yes|yeah|no|hm+|i'm sorry|i am sorry),? )*"
_TAIL: Final = r"(?:,? (?:please|again|for me|one more time|once more|thanks|thank you|now))*"
_REPEAT: Final = re.compile(
    rf"^{_LEAD}(?:(?:could|can|would|will) you (?:please )?(?:repeat|say) (?:the question|that|it|that question)"
    r"|please (?:repeat|say) (?:the question|that|it)|repeat (?:the question|that)"
    r"|what was the question|(?:i )?(?:didn't|did not) (?:hear|catch) (?:that|the question|you)"
    r"|(?:could|can) i hear (?:the question|that))" + _TAIL + r"$"
)
_MOVE_ON: Final = re.compile(
    rf"^{_LEAD}(?:let's|let us|can we|could we|i(?:'d| would) (?:like|rather like|prefer) to|please)"
    r" (?:please )?(?:move on|go on|skip (?:this|that|it|this one|that one|this question|the question)"
    r"|go to the next (?:one|question)|move on to the next (?:one|question))" + _TAIL + r"$"
)


def wish_in(line: str) -> SpokenWish | None:
    """The wish that this whole line is, if it is one."""
    flat = re.sub(r"\s+", " ", re.sub(r"[.?!…]+", "", line.lower().replace("’", "'"))).strip()
    if _REPEAT.match(flat):
        return "repeat"
    return "move_on" if _MOVE_ON.match(flat) else None
