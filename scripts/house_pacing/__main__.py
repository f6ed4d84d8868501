"""Poll simulated weeks, and say how fresh readings were and what that cost."""

from argparse import ArgumentParser
import asyncio
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
import json
import sys
from typing import Final

from .bound import least_mean
from .measure import Figures, figures
from .polling import poll
from .trace import DAY, Trace, Weather

_START: Final = datetime(2026, 6, 1, tzinfo=UTC).timestamp()
# The first hours, in which everything is learned, count as well.
_MORNING: Final = 8 * 3600.0
_BLIND: Final = {"foxess": timedelta(seconds=300), "growatt": timedelta(seconds=303)}
_UNEVEN: Final = 30.0
# So many inverters of Growatt's are also asked for one by one.
_FEW: Final = 5


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """What is polled, and how.

    Attributes:
        vendor: Whose devices they are.
        inverters: How many, each with an upload phase of its own.
        blind: They are asked every 5 minutes, whatever they do.
        jitter: Seconds that an upload may be off.
        nights: The share of them that sleep at night.
        worth: Seconds of age that a call is worth, in place of the feed's own.
        used: The share of the day's calls that another app takes.
        lone: One call has to do, where Growatt has three that tell the same.
    """

    vendor: str
    inverters: int
    blind: bool = False
    jitter: float = Weather.jitter
    nights: float = 1.0
    worth: float | None = None
    used: float = 0.0
    lone: bool = False

    @property
    def least_mean(self) -> float | None:
        """Return what the mean is at least where one call is as good as another.

        Three calls of Growatt's by turns are as one that has three answers a period.
        """
        if self.vendor != "growatt" or self.blind:
            return None
        calls = 1 if self.lone else 2 if self.inverters > _FEW else 3
        return round(least_mean(Weather(jitter=self.jitter), 300 / calls), 1)


def scenarios() -> Iterator[Scenario]:
    """Yield what is compared: following and blind, then the price of freshness."""
    for vendor in ("foxess", "growatt"):
        for inverters in (1, 3, 10):
            for blind in (False, True):
                yield Scenario(vendor=vendor, inverters=inverters, blind=blind)
        for blind in (False, True):
            yield Scenario(vendor=vendor, inverters=1, blind=blind, nights=0)
    for jitter in (_UNEVEN, 2 * _UNEVEN):
        for worth in (10.0, 30.0, 60.0, 120.0):
            yield Scenario(
                vendor="foxess", inverters=1, nights=0, jitter=jitter, worth=worth
            )
    for jitter in (Weather.jitter, _UNEVEN, 2 * _UNEVEN):
        for lone in (False, True) if jitter > Weather.jitter else (True,):
            for nights in (1.0, 0.0):
                yield Scenario(
                    vendor="growatt",
                    inverters=1,
                    nights=nights,
                    jitter=jitter,
                    lone=lone,
                )
    for blind in (False, True):
        yield Scenario(vendor="foxess", inverters=1, nights=0, used=0.4, blind=blind)


async def play(scenario: Scenario, *, days: int, seed: str) -> Figures:
    """Play one scenario through; the same seed gives the same figures."""
    weather = Weather(jitter=scenario.jitter, sleeping=scenario.nights)
    begin, end = _START + _MORNING, _START + days * DAY
    run = await poll(
        scenario.vendor,
        [
            Trace.of(f"PACING{number:04}", weather, _START, days, seed)
            for number in range(scenario.inverters)
        ],
        begin,
        end,
        seed=seed,
        blind=_BLIND[scenario.vendor] if scenario.blind else None,
        used=scenario.used,
        worth=scenario.worth,
        # Who asks blindly makes one call each time.
        lone=scenario.lone or scenario.blind,
    )
    return figures(run, begin, end)


def main() -> None:
    """Play all scenarios; the table goes to standard error, the JSON object out."""
    parser = ArgumentParser(description=__doc__, prog="scripts/pacing")
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--seed", default="home-battery")
    options = parser.parse_args()
    print(_row(_TITLES), file=sys.stderr)
    results = []
    for scenario in scenarios():
        found = asyncio.run(play(scenario, days=options.days, seed=options.seed))
        results.append(
            {
                **asdict(scenario),
                "least": scenario.least_mean,
                **asdict(found),
            }
        )
        print(_row(_cells(scenario, found)), file=sys.stderr, flush=True)
    print(json.dumps({"days": options.days, "seed": options.seed, "runs": results}))


_TITLES: Final = (
    *("vendor", "inverters", "how", "jitter s", "asleep", "used"),
    *("least s", "mean s", "p95 s", "mornings", "nights", "back s"),
    *("calls/day", "per phase", "all/day", "refused", "stretched"),
)


def _cells(scenario: Scenario, found: Figures) -> tuple[object, ...]:
    """Return what a row of the table says."""
    how = "blind" if scenario.blind else "follows"
    if scenario.lone:
        how = "lone"
    if scenario.worth is not None:
        how = f"worth {scenario.worth:g}"
    return (
        *(scenario.vendor, scenario.inverters, how, f"{scenario.jitter:g}"),
        *(f"{scenario.nights:.0%}", f"{scenario.used:.0%}"),
        "-" if (least := scenario.least_mean) is None else least,
        *(found.mean, found.p95, found.with_mornings, found.with_nights),
        found.back_after,
        *(found.calls, found.calls_per_phase, found.all_calls),
        *(found.refused, f"{found.stretched:.0%}"),
    )


def _row(cells: tuple[object, ...]) -> str:
    """Return a row as text."""
    return " ".join(
        f"{cell!s:>{max(len(title), 7)}}"
        for cell, title in zip(cells, _TITLES, strict=True)
    )


if __name__ == "__main__":
    main()
