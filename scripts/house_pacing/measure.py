"""How much older what is shown is than what the cloud has."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

from .polling import Run, Watched
from .trace import DAY

# A device that has been silent for so long shows nothing, so that nothing is old.
_PATIENCE: Final = 900.0
_P: Final = 0.95


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What a run comes to: seconds, and calls a day.

    Attributes:
        mean: Of the age of what is shown, less the age of what the cloud has, while
            a device uploads and is shown.
        p95: What 95 % of that is below.
        with_mornings: The mean while a device uploads, though nothing of it is shown
            yet: in the first minutes of a morning what the cloud has is compared with
            the last record of the evening, which is hours older.
        with_nights: The same over all time: in a silent night nothing could be fresher.
        back_after: How long a device that was silent is back before it is shown.
        calls_per_phase: Calls for readings for each device, as each has a phase.
    """

    mean: float
    p95: float
    with_mornings: float
    with_nights: float
    back_after: float
    calls: float
    calls_per_phase: float
    all_calls: float
    refused: int
    held_back: int
    stretched: float


def figures(run: Run, start: float, end: float) -> Figures:
    """Work out the figures of a run between two moments."""
    spans = [
        span for watched in run.watched.values() for span in _spans(watched, start, end)
    ]
    uploading = [span for span in spans if not span.silent]
    awake = [span for span in uploading if span.older <= _PATIENCE]
    days = (end - start) / DAY
    waits = [
        wait for watched in run.watched.values() for wait in _mornings(watched, start)
    ]
    return Figures(
        mean=round(_mean(awake), 1),
        p95=round(_percentile(awake), 1),
        with_mornings=round(_mean(uploading), 1),
        with_nights=round(_mean(spans), 1),
        back_after=round(sum(waits) / len(waits), 1) if waits else 0.0,
        calls=round(run.calls / days, 1),
        calls_per_phase=round(run.calls / days / len(run.watched), 1),
        all_calls=round(run.all_calls / days, 1),
        refused=run.refused,
        held_back=run.held_back,
        stretched=round(run.stretched, 3),
    )


@dataclass(frozen=True)
class _Span:
    """So many seconds in which what is shown is so much older.

    Attributes:
        silent: The device has said nothing for so long that nothing is shown.
    """

    seconds: float
    older: float
    silent: bool


def _spans(watched: Watched, start: float, end: float) -> Iterator[_Span]:
    """Yield the spans between two changes, from the first thing shown on."""
    trace = watched.trace
    changes = [(at, 0, n) for n, at in enumerate(trace.shown)]
    # A device that says nothing more has nothing that could be fresher.
    changes += [
        (at + _PATIENCE, 2, n)
        for n, (at, following) in enumerate(
            zip(trace.shown, [*trace.shown[1:], inf], strict=True)
        )
        if following > at + _PATIENCE
    ]
    changes += [(at, 1, n) for at, n in zip(watched.at, watched.numbers, strict=True)]
    there = here = None
    silent = False
    before = start
    for at, which, number in [*sorted(changes), (end, 2, 0)]:
        at = min(at, end)
        if there is not None and here is not None and at > before:
            older = trace.measured[there] - trace.measured[here]
            yield _Span(at - before, older, silent)
        before = max(at, start)
        if which == 0:
            there, silent = number, False
        elif which == 1:
            here = number
        else:
            silent = True


def _mornings(watched: Watched, start: float) -> Iterator[float]:
    """Yield how long a device was back before it was shown."""
    trace = watched.trace
    first_shown = iter(zip(watched.at, watched.numbers, strict=True))
    at, number = next(first_shown, (start, 0))
    for n in range(1, len(trace.shown)):
        if (
            trace.shown[n] < start
            or trace.shown[n] - trace.shown[n - 1] < 4 * _PATIENCE
        ):
            continue
        while number < n:
            following = next(first_shown, None)
            if following is None:
                return
            at, number = following
        yield at - trace.shown[n]


def _mean(spans: Sequence[_Span]) -> float:
    """Return the mean over time."""
    seconds = sum(span.seconds for span in spans)
    return sum(span.seconds * span.older for span in spans) / seconds


def _percentile(spans: Iterable[_Span]) -> float:
    """Return what most of the time is below."""
    ordered = sorted(spans, key=lambda span: span.older)
    left = _P * sum(span.seconds for span in ordered)
    for span in ordered:
        left -= span.seconds
        if left <= 0:
            return span.older
    return 0.0
