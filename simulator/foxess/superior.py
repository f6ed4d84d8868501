"""What stands above the inverters of a house and limits them all."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from typing import Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class HouseLimits:
    """Limits in W: at the meter in both directions, and of each inverter's output."""

    export_limit: float = inf
    import_limit: float = inf
    output_limit: float = inf


class Superior(Protocol):
    """A device that limits the inverters of its house."""

    def limits(self) -> HouseLimits:
        """Return the limits that hold now."""


def strictest(superiors: Iterable[Superior]) -> HouseLimits:
    """Return the limits that satisfy every superior."""
    held = [HouseLimits(), *(superior.limits() for superior in superiors)]
    return HouseLimits(
        export_limit=min(limits.export_limit for limits in held),
        import_limit=min(limits.import_limit for limits in held),
        output_limit=min(limits.output_limit for limits in held),
    )
