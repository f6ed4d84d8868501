"""What was measured, and the bars that it is held to."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
import json
from typing import Any, Self

_MAX_BLOCK_MS = 20.0
_MAX_REPEATED_SHARE = 0.25
# What a device costs among many, against what one costs among few.
_MAX_GROWTH = 1.5


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What the event loop spent, in ms: altogether, and in the longest block.

    Attributes:
        ms: All callbacks together.
        longest_ms: The longest callback.
        states: How many states were reported, changed or not.
    """

    ms: float
    longest_ms: float
    states: int = 0

    @classmethod
    def best(cls, costs: Sequence[Cost]) -> Self:
        """Return the best of several, as others use the machine too."""
        return cls(
            ms=round(min(cost.ms for cost in costs), 2),
            longest_ms=round(min(cost.longest_ms for cost in costs), 2),
            states=max(cost.states for cost in costs),
        )


@dataclass(frozen=True, kw_only=True)
class Result:
    """What one case came to.

    Attributes:
        inverters: How many inverters the account has.
        all_entities: Whether all entities are enabled, or those that are from the start.
        recorder: Whether the recorder runs.
        entities: How many entities there are.
        on_readings: How many of them hang on the readings, as many as plain sensors.
        add_seconds: From the first form to the end of all that follows it.
        setup_seconds: A further set-up, as after a restart, until it is done.
        setup_waited_seconds: How long its calls would have waited for their turns.
        setup_longest_ms: The longest block of it.
        memory_kib_per_device: What the account has taken of memory, by inverter.
        fetch: Asking for the readings, network and parsing included.
        new: What follows a new record of every device, its fetching not included.
        repeated: What follows the same records once more.
        plain_new: As many plain sensors with new values.
        plain_repeated: The same with the values of before.
        minute: What is worked out every minute.
        settings: A round of the settings, network and parsing included.
        store: Keeping what is stored.
        requests_per_poll: Requests for the readings of all.
        requests_per_day: Of all feeds, by a round of each and its interval.
    """

    inverters: int
    all_entities: bool
    recorder: bool
    entities: int
    on_readings: int
    add_seconds: float
    setup_seconds: float
    setup_waited_seconds: float
    setup_longest_ms: float
    memory_kib_per_device: int
    fetch: Cost
    new: Cost
    repeated: Cost
    plain_new: Cost
    plain_repeated: Cost
    minute: Cost
    settings: Cost
    store: Cost
    requests_per_poll: int
    requests_per_day: int

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read back what a case has printed."""
        fields: dict[str, Any] = json.loads(text)
        costs = {
            name: Cost(**value)
            for name, value in fields.items()
            if isinstance(value, dict)
        }
        return cls(**{**fields, **costs})

    @property
    def longest_ms(self) -> float:
        """Return the longest block of all that goes on while it runs."""
        return max(
            cost.longest_ms
            for cost in (
                self.fetch,
                self.new,
                self.repeated,
                self.minute,
                self.settings,
                self.store,
            )
        )


def bars(results: Sequence[Result]) -> dict[str, bool]:
    """Return which bars are held, in every case."""
    return {
        "new_no_more_than_plain": all(
            result.new.ms <= result.plain_new.ms for result in results
        ),
        "repeated_a_quarter_of_plain": all(
            result.repeated.ms <= _MAX_REPEATED_SHARE * result.plain_repeated.ms
            for result in results
        ),
        "no_block_over_20_ms": all(
            result.longest_ms <= _MAX_BLOCK_MS for result in results
        ),
        "in_proportion": all(
            many.new.ms / many.inverters <= _MAX_GROWTH * few.new.ms / few.inverters
            for few in results
            for many in results
            if few.inverters < many.inverters
            and (few.all_entities, few.recorder) == (many.all_entities, many.recorder)
        ),
    }


def as_json(results: Sequence[Result], machine: dict[str, Any]) -> str:
    """Return everything on one line."""
    held = bars(results)
    return json.dumps(
        {
            "ok": all(held.values()),
            "bars": held,
            "machine": machine,
            "cases": [asdict(result) for result in results],
        }
    )
