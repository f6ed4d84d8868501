"""A fault on some feeds while the others go on: what stands, what goes, what is said, what comes back."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
import logging
from typing import Final

from .model import FOR_EVER, POWER, Fault, Feed, Loss, Outcome
from .stage import Stage

_LOGGER = logging.getLogger(__name__)

type Problems = dict[str, list[str]]

# A minute brings what has outlived its time.
_EDGE: Final = timedelta(minutes=2)
_FRESH: Final = timedelta(minutes=1)
# After a leap all feeds are due at once, and calls in vain keep others waiting; late
# for no longer than powers stand they would show no gap.
_ROUND: Final = POWER
# So often it may have to be looked for what waits for many calls in vain.
_TURNS: Final = 20
# By then something has come, or not.
_SETTLED: Final = timedelta(seconds=90)
# Neither unavailable nor unknown.
_ANYTHING: Final = "[!u]*"
# No W or kWh of these houses is more.
_MOST: Final = 200_000.0


class Outage:
    """One fault, on some of the feeds."""

    def __init__(self, stage: Stage, fault: Fault, feeds: Sequence[Feed]) -> None:
        """Take what is to be played."""
        self._stage = stage
        self._fault = fault
        self._outcome: Outcome = fault.outcome
        self._feeds = feeds
        self._others = [feed for feed in stage.brand.feeds if feed not in feeds]
        if fault.outcome.everywhere:
            self._others = []
        self._lingers = (
            max(feed.every for feed in feeds) if fault.outcome.lingers else timedelta(0)
        )
        self.problems: Problems = {feed.name: [] for feed in feeds}

    async def play(self) -> Problems:
        """Play it, and return what was not as it should be, by feed."""
        try:
            await self._play()
        except Exception as err:
            _LOGGER.exception("%s could not be played", self._fault.name)
            for mine in self.problems.values():
                mine.append(repr(err))
        return self.problems

    async def _play(self) -> None:
        """Have the fault come and go, and look."""
        stage = self._stage
        await stage.leap(max(feed.every for feed in stage.brand.feeds) + _FRESH)
        await self._look("before the fault", stage.now())
        anything = dict.fromkeys(self._fault.tells, _ANYTHING)
        self._look_at_single(anything, "before the fault")
        stage.journal.clear()
        calls = len(stage.calls)
        await stage.begin(
            self._fault, {path for feed in self._feeds for path in feed.paths}
        )
        began = stage.now()
        for mark in self._marks():
            await stage.until(began + mark)
            await self._look(f"{mark} into it", began)
        if self._unasked(calls):
            await stage.leap(_ROUND)
        self._look_at_words(calls)
        self._look_at_single(self._fault.tells, "during it")
        await stage.end(self._fault)
        if self._outcome.reauth:
            await stage.sign_in_again()
        every = max(feed.every for feed in self._feeds) + _EDGE
        if self._outcome.back > every:
            await stage.leap(self._outcome.back)
        await stage.leap(every)
        await self._look("after it", stage.now())
        self._look_at_single(anything, "after it")
        self._look_at_end()

    def _marks(self) -> list[timedelta]:
        """Return when to look: around the end of everything that stands for a while."""
        marks = {feed.every + _EDGE for feed in self._feeds}
        for feed in self._feeds:
            for stands in feed.shows.values():
                if stands != FOR_EVER:
                    marks |= {stands - _EDGE, stands + self._lingers + _EDGE}
        return sorted(marks)

    async def _look(self, when: str, fresh: datetime) -> None:
        """Look at who is there, once more a minute later if something is amiss."""
        if self._amiss(fresh) or self._beside():
            await self._stage.leap(_FRESH)
        amiss = self._amiss(fresh)
        for more in (_ROUND, *[_FRESH] * _TURNS):
            if self._beside():
                await self._stage.leap(more)
        for feed, problem in amiss + self._beside():
            self.problems[feed].append(f"{problem} {when}")

    def _amiss(self, fresh: datetime) -> list[tuple[str, str]]:
        """Return what is not as it should be, given when everything was fresh.

        What is just at its end may be either.
        """
        age, amiss = self._stage.now() - fresh, []
        for feed in self._feeds:
            for name, stands in feed.shows.items():
                is_there, told = self._stage.is_there(name), self._stage.number(name)
                if told > _MOST:
                    amiss.append((feed.name, f"{name} tells {told}"))
                if not is_there and not self._may_go(age, stands):
                    amiss.append((feed.name, f"{name} is gone"))
                if is_there and self._must_go(feed, age, stands):
                    amiss.append((feed.name, f"{name} is still there"))
        return amiss

    def _beside(self) -> list[tuple[str, str]]:
        """Return what is gone of feeds that the fault is not about."""
        return [
            (mine.name, f"{name} of {feed.name} is gone")
            for feed in self._others
            for name in feed.shows
            for mine in self._feeds
            if not self._stage.is_there(name)
        ]

    def _may_go(self, age: timedelta, stands: timedelta) -> bool:
        """Tell whether something may be gone; what comes as nothing is so at once."""
        match self._outcome.loss:
            case Loss.NOTHING:
                return False
            case Loss.UNREAD:
                return age > _SETTLED
        return age > stands - _FRESH

    def _must_go(self, feed: Feed, age: timedelta, stands: timedelta) -> bool:
        """Tell whether something must be gone."""
        loss = self._outcome.loss
        if loss is Loss.NOTHING or (loss is Loss.UNREAD and feed.either):
            return False
        return age > stands + self._lingers + _FRESH

    def _unasked(self, calls: int) -> list[Feed]:
        """Return the feeds that were not asked for since so many calls, but should."""
        return [
            feed
            for feed in self._feeds
            if self._fault.kind and not self._stage.called(calls, feed.paths)
        ]

    def _look_at_single(self, patterns: Mapping[str, str], when: str) -> None:
        """Look at what single entities show."""
        for name, pattern in patterns.items():
            if not fnmatchcase(state := self._stage.state(name) or "", pattern):
                for mine in self.problems.values():
                    mine.append(f"{name} is {state!r} {when}")

    def _look_at_words(self, calls: int) -> None:
        """Look at what is said while it lasts."""
        stage, outcome = self._stage, self._outcome
        reauths, issues = len(stage.reauths), stage.issues()
        for feed in self._unasked(calls):
            self.problems[feed.name].append("was never asked for")
        for feed in self._feeds:
            mine = self.problems[feed.name]
            coordinator = stage.feed(feed)
            failing = coordinator.last_exception
            key = getattr(failing, "translation_key", None)
            down = stage.journal.down(coordinator.name)
            if not coordinator.last_update_success and key != outcome.key:
                mine.append(f"fails with {key!r}, {failing!r}")
            if self._too_much(down) or (
                outcome.loss is Loss.ALL and not outcome.quiet and not down
            ):
                mine.append(f"said to be down {len(down)} times: {down}")
            if outcome.loss is Loss.NOTHING and down:
                mine.append(f"said to be down: {down}")
            if reauths != outcome.reauth:
                mine.append(f"{reauths} times a person is asked for credentials")
            if outcome.issue and outcome.issue not in issues:
                mine.append(f"no repair issue {outcome.issue}, but {issues}")

    def _too_much(self, lines: Sequence[str]) -> bool:
        """Tell whether something is said more than once, of each device if it is apart."""
        return any(
            count > max(1, len(self._stage.devices(subject.rpartition(" of a ")[2])))
            for subject, count in Counter(map(_subject, lines)).items()
        )

    def _look_at_end(self) -> None:
        """Look at what is said once it is over."""
        stage = self._stage
        for feed in self._feeds:
            mine = self.problems[feed.name]
            name = stage.feed(feed).name
            down, up = stage.journal.down(name), stage.journal.up(name)
            expected = 0 if self._outcome.reauth else len(down)
            if len(up) != expected:
                mine.append(f"said to be up {len(up)} times: {up}, after {down}")
            if unforeseen := stage.journal.unforeseen():
                mine.append(f"in the log: {unforeseen}")
            if stage.reauths:
                mine.append("a person is asked for credentials after it")
            if issues := stage.issues():
                mine.append(f"repair issues are left: {issues}")


def _subject(line: str) -> str:
    """Return what a line is about: a feed, or a kind of device in it."""
    return line.partition(" failed")[0]


def groups(feeds: Sequence[Feed], number: int) -> list[list[Feed]]:
    """Return the feeds in two halves, other ones for every fault.

    A fault on one half is no fault on the other. Over some faults every feed
    has been apart from every other one.
    """
    bits = max(1, (len(feeds) - 1).bit_length())
    halves: list[list[Feed]] = [[], []]
    for place, feed in enumerate(feeds):
        halves[place >> (number % bits) & 1].append(feed)
    return [half for half in halves if half]
