"""Answers that are as good as new for a while."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from ...transport.clock import Clock


class Recently[AnswerT]:
    """Spares a call to whoever wants what was asked for a little while ago."""

    def __init__(self, clock: Clock, hold: timedelta) -> None:
        """Let answers stand for some time."""
        self._clock = clock
        self._hold = hold
        self._answers: dict[str, tuple[datetime, AnswerT]] = {}

    async def ask(self, name: str, fetch: Callable[[], Awaitable[AnswerT]]) -> AnswerT:
        """Return the recent answer of that name, or fetch one."""
        known = self._answers.get(name)
        if known is not None and self._clock.now() - known[0] < self._hold:
            return known[1]
        answer = await fetch()
        self._answers[name] = self._clock.now(), answer
        return answer
