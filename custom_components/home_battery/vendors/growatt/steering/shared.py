"""What a device holds once for all periods of a mode: a power and an SOC to stop at.

The power is kept in % of the rated power and said in W.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ....battery.capabilities import ModeCapabilities, PowerMeaning, Range
from ....battery.control import ControlValue
from ....battery.model import Device, Mode
from ....battery.schedule import Period
from .settings import AC_CHARGE, BATTERY_FIRST

# The control of the rate and that of the SOC, by mode.
type RateKeys = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class RatedPower:
    """The power in W that is 100 %."""

    watts: float

    @classmethod
    def of_device(cls, device: Device) -> RatedPower | None:
        """Return the rated power of a device, `None` if it is not known."""
        return cls(device.rated_power) if device.rated_power else None

    @property
    def range(self) -> Range:
        """Return the powers in W that can be said."""
        return Range(0, self.watts, self.watts / 100)

    def of(self, percent: float) -> float:
        """Return the W of a percentage, just as the range has them."""
        return self.range.nearest(percent * self.range.step)

    def percent(self, watts: float) -> int:
        """Return the percentage that is nearest to a power in W."""
        return round(watts / self.range.step)


def forced(
    rated: RatedPower | None,
    percent: float | None,
    stop: float | None,
    *,
    exports: bool = False,
) -> ModeCapabilities:
    """Return what a mode can say; what was not read cannot be said either."""
    defaults: dict[str, float] = {}
    if rated is not None and percent is not None:
        defaults["power"] = rated.of(percent)
    if stop is not None:
        defaults["target_soc"] = stop
    return ModeCapabilities(
        power="power" in defaults,
        target_soc="target_soc" in defaults,
        exports=exports,
        power_meaning=PowerMeaning.UNKNOWN,
        defaults=defaults,
        shared=tuple(defaults),
    )


def shared_values(
    periods: Iterable[Period],
    rated: RatedPower | None,
    keys: RateKeys,
    *,
    mains: bool,
) -> dict[str, ControlValue]:
    """Return the controls that periods want at other values.

    Args:
        periods: The periods, which agree in what they share.
        rated: The power that is 100 %.
        keys: The controls by mode.
        mains: Whether it is known if charging takes power from the grid.
    """
    values: dict[str, ControlValue] = {}
    for period in periods:
        rate, stop = keys.get(period.mode, ("", ""))
        if period.power is not None and rated is not None:
            values[rate] = rated.percent(period.power)
        if period.target_soc is not None:
            values[stop] = period.target_soc
        if mains and period.mode in {Mode.FORCE_CHARGE, BATTERY_FIRST}:
            values[AC_CHARGE] = period.mode == Mode.FORCE_CHARGE
    return values
