"""A fault on a write: the right words, no write lost or doubled, and the next one goes through."""

from datetime import timedelta
import logging
from typing import Final

from .model import Fate, Fault, Write
from .stage import Stage, sends

_LOGGER = logging.getLogger(__name__)

_LOOKED_AGAIN: Final = timedelta(minutes=7)
_WORDS: Final = {
    Fate.DONE: None,
    Fate.UNKNOWN: "unconfirmed",
    Fate.UNSEEN: "unconfirmed",
}
_TAKEN: Final = (Fate.DONE, Fate.UNSEEN)


class Writing:
    """One fault, on one write."""

    def __init__(self, stage: Stage, fault: Fault, write: Write) -> None:
        """Take what is to be played."""
        self._stage = stage
        self._fault = fault
        self._write = write
        self.problems: list[str] = []

    async def play(self) -> list[str]:
        """Play it, and return what was not as it should be."""
        try:
            await self._play()
        except Exception as err:
            _LOGGER.exception("%s could not be played", self._fault.name)
            self.problems.append(repr(err))
        return self.problems

    async def _play(self) -> None:
        """Have the fault come and go, and look."""
        stage, outcome, write = self._stage, self._fault.outcome, self._write
        stage.journal.clear()
        wanted = int(stage.held(write) == 0)
        before, calls = stage.held(write), len(stage.calls)
        await stage.begin(self._fault, write.paths, write.method)
        said = await stage.write(write, wanted)
        expected = _WORDS.get(outcome.write, outcome.write_key or outcome.key)
        if self._is_partial:
            expected = _WORDS[Fate.UNKNOWN]
        if said != expected and not (self._is_partial and said is None):
            self.problems.append(f"says {said!r} and not {expected!r}")
        self._look(calls, wanted if outcome.write in _TAKEN else before)
        if len(stage.reauths) != self._asks:
            self.problems.append(f"a person is asked {len(stage.reauths)} times")
        await stage.end(self._fault)
        if self._asks:
            await stage.sign_in_again()
        # By then what is not confirmed was looked at again, and not sent again.
        await stage.leap(_LOOKED_AGAIN)
        self._look(calls, wanted if outcome.write in _TAKEN else before)
        if outcome.back:
            await stage.leap(outcome.back)
        await self._again(wanted)

    @property
    def _is_partial(self) -> bool:
        """Return whether it stops on the way."""
        outcome = self._fault.outcome
        lost = outcome.write is not Fate.REFUSED and outcome.key is not None
        return self._write.steps and lost

    @property
    def _asks(self) -> bool:
        """Return whether a person is asked for credentials: not for one refusal that may be something else."""
        outcome = self._fault.outcome
        return outcome.reauth and outcome.write_key is None

    def _look(self, calls: int, expected: int | None) -> None:
        """Look at what the device holds, and what was sent to it."""
        stage, write = self._stage, self._write
        if (held := stage.held(write)) != expected and not self._is_partial:
            self.problems.append(f"the device holds {held} and not {expected}")
        for sent, count in sends(stage.called(calls, write.paths)).items():
            # What was certainly refused may be tried again.
            most = 2 if self._fault.outcome.again else 1
            if count > most and self._fault.outcome.write is not Fate.REFUSED:
                self.problems.append(f"was sent {count} times: {sent}")

    async def _again(self, wanted: int) -> None:
        """Make the change once more, as a person would, now that nothing is wrong."""
        stage, write = self._stage, self._write
        if said := await stage.write(write, wanted):
            self.problems.append(f"says {said!r} when it is over")
        if (held := stage.held(write)) != wanted:
            self.problems.append(f"the device holds {held} and not {wanted} in the end")
        if unforeseen := stage.journal.unforeseen():
            self.problems.append(f"in the log: {unforeseen}")
        if stage.reauths:
            self.problems.append("a person is asked for credentials after it")
        if issues := stage.issues():
            self.problems.append(f"repair issues are left: {issues}")
