"""How one reading is found in a vendor's record."""

from collections.abc import Mapping
from dataclasses import dataclass
import math
from typing import Final

# What is told to be larger is no number of anything, and would soon be infinite.
LARGEST: Final = 1e18


@dataclass(frozen=True, kw_only=True)
class Field:
    """One number among the hundreds that a device sends.

    Attributes:
        key: The reading's key.
        names: The vendor's names for it, in lower case, the first present wins.
        scale: Factor from the vendor's unit to ours.
        limit: Largest magnitude in our unit that is not known garbage.
        least: Smallest value in our unit that is not known garbage.
        sentinels: Values by which the vendor means that there is none.
    """

    key: str
    names: tuple[str, ...]
    scale: float = 1.0
    limit: float = math.inf
    least: float = -math.inf
    sentinels: frozenset[float] = frozenset()

    def read(self, record: Mapping[str, object]) -> float | None:
        """Return the reading, `None` where the record has no sound one."""
        for name in self.names:
            value = number(record.get(name))
            # Some send -0.1 as the nearest number of 32 bits.
            if value is None or round(value, 6) in self.sentinels:
                continue
            value = round(value * self.scale, 3) + 0.0
            sound = abs(value) <= self.limit and value >= self.least
            if math.isfinite(value) and sound:
                return value
        return None


def number(value: object) -> float | None:
    """Return a vendor's number, sent as a number or as text, if it is one."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        result = float(value)
    except ValueError, OverflowError:
        return None
    return result if abs(result) <= LARGEST else None
