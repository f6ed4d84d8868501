"""Cases by the million, dealt out to a process for each processor."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
import json
import logging
import multiprocessing
from random import Random
from time import monotonic
from typing import Any, Final

from .accounts import Call
from .corpus import Corpus
from .readings import Days, Houses
from .reducing import smallest
from .subject import Outcome, Subject, outcome, watched_time
from .wire import Wire

# Of so many cases each group gets its share.
_SHARES: Final = {"parsers": 950, "accounts": 30, "readings": 15, "http": 5}
_SHOWN: Final = 2_000


@dataclass
class Tally:
    """What came of the cases.

    Attributes:
        cases: How many there were, by group.
        understood: How many of them were understood, by group.
        defects: The smallest case of each defect, by what happened.
        hits: How many cases came upon each.
    """

    cases: Counter[str] = field(default_factory=Counter)
    understood: Counter[str] = field(default_factory=Counter)
    defects: dict[str, str] = field(default_factory=dict)
    hits: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Add what came of others."""
        self.cases += other.cases
        self.understood += other.understood
        self.defects = {**other.defects, **self.defects}
        self.hits += other.hits


def groups(
    corpus: Corpus, loop: asyncio.AbstractEventLoop
) -> dict[str, Sequence[Subject]]:
    """Return what is fed, by group."""
    calls = [Call(talk, loop) for talk in corpus.talks]
    calls = [call for call in calls if call.breakable]
    return {
        "parsers": corpus.parsers,
        "accounts": calls,
        "readings": [Days(), Houses()],
        "http": [Wire(call, loop) for call in calls],
    }


def feed(
    subjects: Mapping[str, Sequence[Subject]],
    *,
    seed: str,
    first: int,
    step: int,
    cases: int,
    until: float,
) -> Tally:
    """Feed every so many-th case until there are enough or the time is over."""
    tally = Tally()
    names = [name for name in _SHARES if subjects.get(name)]
    shares = [_SHARES[name] for name in names]
    with watched_time():
        for index in range(first, cases, step):
            if monotonic() >= until:
                break
            rng = Random(f"{seed}/{index}")
            (group,) = rng.choices(names, shares)
            subject = rng.choice(subjects[group])
            case = subject.break_one(rng)
            came = outcome(subject.feed, case)
            tally.cases[group] += 1
            tally.understood[group] += not came.refused
            if came.defect is None:
                continue
            what = f"{subject.name}: {came.defect}"
            if not tally.hits[what]:
                tally.defects[what] = _shown(subject, index, case, came)
            tally.hits[what] += 1
    return tally


def _shown(subject: Subject, index: int, case: Any, came: Outcome) -> str:
    """Return the smallest case of a defect, to be read."""
    found = smallest(
        case,
        lambda smaller: outcome(subject.feed, smaller).defect == came.defect,
        subject.kept,
    )
    try:
        text = json.dumps(found, default=repr)
    except RecursionError:
        text = "(too deep to be shown)"
    return f"case {index}: {came.words}: {text[:_SHOWN]}"


def run(
    corpus: Corpus,
    *,
    seed: str,
    cases: int,
    seconds: float,
    processes: int,
) -> Tally:
    """Feed all cases, in so many processes."""
    fork = multiprocessing.get_context("fork")
    until = monotonic() + seconds
    pipes = []
    for number in range(processes):
        here, there = fork.Pipe(duplex=False)

        def work(number: int = number, pipe: Any = there) -> None:
            """Feed one share of the cases."""
            logging.disable(logging.CRITICAL)
            loop = asyncio.new_event_loop()
            pipe.send(
                feed(
                    groups(corpus, loop),
                    seed=seed,
                    first=number,
                    step=processes,
                    cases=cases,
                    until=until,
                )
            )

        process = fork.Process(target=work)
        process.start()
        there.close()
        pipes.append((here, process))
    total = Tally()
    for pipe, process in pipes:
        try:
            total.add(pipe.recv())
        except EOFError:
            total.defects["a process"] = "it ended before it was done"
        process.join()
    return total
