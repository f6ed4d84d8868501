"""Answers that stand for as long as the vendor gives no new ones."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
import hashlib
from typing import Any, Final

import orjson

from .clock import Clock

# Room for a few calls about a hundred devices each.
_MAX_SIZE: Final = 2 * 1024 * 1024


def question(path: str, parameters: Mapping[str, str]) -> str:
    """Return a name for an identical request that does not tell what it asks."""
    text = orjson.dumps([path, sorted(parameters.items())])
    return hashlib.sha256(text).hexdigest()[:32]


@dataclass(frozen=True, kw_only=True)
class _Answer:
    """An answer as JSON, so that nobody can change it for the next who asks.

    Attributes:
        text: The answer.
        at: When it came, in seconds since the epoch.
        seconds: How long it stands.
        about: Ids or serial numbers of the devices that it is about.
    """

    text: str
    at: float
    seconds: float
    about: list[str]

    def stands(self, now: float) -> bool:
        """Tell whether it still stands; one from the future is of a wrong clock."""
        return self.at <= now < self.at + self.seconds


class Answers:
    """Keeps answers for their time, so that asking again needs no call.

    What is kept tells of people's homes: it belongs into private storage only.
    No credential is part of it.
    """

    def __init__(self, clock: Clock, stored: Mapping[str, Any] | None = None) -> None:
        """Start from what `as_dict` returned before the restart, if anything."""
        self._clock = clock
        self._answers = {
            name: _Answer(**answer) for name, answer in (stored or {}).items()
        }

    def get(self, name: str) -> Any | None:
        """Return the answer to a question, if one stands."""
        answer = self._answers.get(name)
        if answer is None or not answer.stands(self._now()):
            return None
        return orjson.loads(answer.text)

    def put(
        self, name: str, answer: Any, *, seconds: float, about: Iterable[str]
    ) -> None:
        """Keep an answer; the oldest make room.

        Args:
            name: The question.
            answer: What JSON can hold.
            seconds: How long it stands.
            about: Ids or serial numbers of the devices that it is about.
        """
        self._answers.pop(name, None)
        self._answers[name] = _Answer(
            text=orjson.dumps(answer).decode(),
            at=self._now(),
            seconds=seconds,
            about=sorted(about),
        )
        self._tidy()

    def forget(self, about: Iterable[str]) -> None:
        """Drop what was said about devices, which may not be true any more."""
        named = set(about)
        self._answers = {
            name: answer
            for name, answer in self._answers.items()
            if named.isdisjoint(answer.about)
        }

    def as_dict(self) -> dict[str, Any]:
        """Return what must outlive a restart."""
        self._tidy()
        return {name: asdict(answer) for name, answer in self._answers.items()}

    def _tidy(self) -> None:
        """Drop what stands no more, and the oldest of what is too much."""
        now = self._now()
        standing = {
            name: answer for name, answer in self._answers.items() if answer.stands(now)
        }
        excess = sum(len(answer.text) for answer in standing.values()) - _MAX_SIZE
        for name, answer in list(standing.items()):
            if excess <= 0:
                break
            excess -= len(answer.text)
            del standing[name]
        self._answers = standing

    def _now(self) -> float:
        """Return the seconds since the epoch."""
        return self._clock.now().timestamp()
