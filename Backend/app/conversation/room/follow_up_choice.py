"""What the language model does beside a conversation: makes ready to judge, and chooses a follow-up."""

from __future__ import annotations

import asyncio
import logging

from app.conversation.room.repository import Loaded
from app.conversation.rules import events as on
from app.conversation.rules.state import Answer
from app.domain.answer import AnswerUtterance, Exchange
from app.errors import ProviderError, Unavailable
from app.pools import JUDGEMENTS
from app.services.language_model.base import LanguageModel

log = logging.getLogger(__name__)

FOLLOW_UP_TIMEOUT_S = 2.0
"""Below the machine's own patience; the acknowledgement sounds meanwhile."""


class Chooser:
    def __init__(self, model: LanguageModel, loaded: Loaded) -> None:
        self._model = model
        self._loaded = loaded

    async def get_ready_to_judge(self, question_id: str) -> None:
        """While the question is being spoken there is time for what would otherwise be waited for after the answer."""
        try:
            await JUDGEMENTS.run(self._model.warm_up, self._exchange(question_id, []))
        except (ProviderError, Unavailable) as error:
            log.warning("the judge is not ready: %s", type(error).__name__)

    async def choose(self, answer: Answer) -> on.FollowUpChosen:
        said = [AnswerUtterance(line.utterance_id, line.text, line.start_ms, line.end_ms) for line in answer.said]
        exchange = self._exchange(answer.place.question_id, said)
        chosen = on.FollowUpChosen(answer.response_id, answer.generation)
        try:
            idea = await asyncio.wait_for(self._model.follow_up(exchange), FOLLOW_UP_TIMEOUT_S)
        except (ProviderError, TimeoutError) as error:
            # The next planned question does as well; the answer itself is judged elsewhere.
            log.warning("no follow-up: %s", type(error).__name__)
        else:
            if idea is not None:
                chosen = on.FollowUpChosen(
                    answer.response_id, answer.generation, idea.text, idea.reason, idea.missing_point
                )
        return chosen

    def _exchange(self, question_id: str, said: list[AnswerUtterance]) -> Exchange:
        row = self._loaded.questions[question_id]
        return Exchange(
            role=self._loaded.state.script.role,
            question=row.text,
            kind=row.kind,
            grounding=row.grounding,
            key_points=row.key_points,
            claims=self._loaded.claims,
            answer=tuple(said),
        )
