"""Whether a battery leaves to the grid what it could take."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from ...battery.model import Value
from .ledger import LONGEST_GAP
from .readings import POWER, SOC

NOT_CHARGING: Final = "not_charging"

# What the one known program takes for a failure (VoltStorage notes, 5).
_EXPORT_W: Final = 1000.0
_CHARGE_W: Final = 100.0
_SOC: Final = 90.0
_LASTING: Final = timedelta(minutes=15)


class ChargeWatch:
    """Notes for how long a battery with room has not charged while there is export."""

    def __init__(self) -> None:
        """Begin without having seen anything."""
        self._since: datetime | None = None
        self._at: datetime | None = None

    def see(self, time: datetime, values: Mapping[str, Value]) -> bool | None:
        """Take the next moment; return whether it is a failure, `None` if unknown."""
        grid, power, soc = (values.get(key) for key in ("grid_power", POWER, SOC))
        if not (
            isinstance(grid, int | float)
            and isinstance(power, int | float)
            and isinstance(soc, int | float)
        ):
            self._since = None
            return None
        if self._at is not None and time - self._at > LONGEST_GAP:
            self._since = None
        self._at = time
        if grid >= -_EXPORT_W or -power >= _CHARGE_W or soc >= _SOC:
            self._since = None
            return False
        if self._since is None:
            self._since = time
        return time - self._since >= _LASTING
