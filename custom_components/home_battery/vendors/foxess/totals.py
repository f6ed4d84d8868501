"""This month's energies, and today's where records lack them (Fox ESS notes 1.7)."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from itertools import dropwhile
from typing import Final

from ...battery.model import Device, Record, Role
from .client import FoxEssClient
from .memory import DeviceMemory
from .models import mapping
from .series import ENERGIES, YIELD, parse_report, sound_energy

MONTHLY: Final = {
    **{f"{key}_month": variable for key, variable in ENERGIES.items()},
    "inverter_energy_month": YIELD,
}
_TODAY: Final = "inverter_energy_today"
_DAY_HOURS: Final = 24
_LONGEST_DAY_HOURS: Final = 25


class FoxEssTotals:
    """The totals of one inverter, as they stand at a moment of its wall clock."""

    def __init__(
        self, client: FoxEssClient, memory: DeviceMemory, device: Device, now: datetime
    ) -> None:
        """Keep the means; nothing is sent yet."""
        self._client = client
        self._memory = memory
        self._serial = device.id
        self._has_battery = device.role is Role.SYSTEM
        self._now = now

    async def read(self, latest: Record | None) -> Record | None:
        """Fetch the totals that can be true.

        Args:
            latest: The inverter's own record; without one, nothing is believed.
        """
        if latest is None or latest.time is None:
            return None
        sent = latest.time.astimezone(self._now.tzinfo)
        read = self._report if self._has_battery else self._generation
        totals = await self._memory.optional("totals", partial(read, sent))
        if totals is None:
            return None
        if _TODAY in latest.values or sent.date() != self._now.date():
            totals.pop(_TODAY, None)
        return Record(
            values={
                key: self._risen(key, energy)
                for key, energy in totals.items()
                # The cloud has zeros, too, for what it keeps no account of.
                if energy or key.rpartition("_")[0] in latest.values
            }
        )

    async def _report(self, _sent: datetime) -> dict[str, float]:
        """Fetch the days of this month, as the station counts them.

        No account is kept of inverters without a battery.
        """
        variables = list(MONTHLY.values())
        answer = await self._client.call(
            "device_report",
            {
                "sn": self._serial,
                "year": self._now.year,
                "month": self._now.month,
                "dimension": "month",
                "variables": variables,
            },
        )
        # Its names may be mixed up, but nothing tells the order of a part of it.
        whole = isinstance(answer, list) and len(answer) == len(variables)
        report = parse_report(answer, variables, by_order=whole)
        totals: dict[str, float] = {}
        for key, variable in MONTHLY.items():
            days = report.get(variable, [])[: self._now.day]
            if (energy := _sum(days)) is not None:
                totals[key] = energy
            if variable == YIELD and len(days) == self._now.day:
                today = sound_energy(days[-1], _LONGEST_DAY_HOURS)
                if today is not None:
                    totals[_TODAY] = _rounded(today)
        return totals

    async def _generation(self, sent: datetime) -> dict[str, float]:
        """Fetch the yield, which without a battery is PV alone.

        Until the inverter has sent something, it is that of the day, and of the
        month, in which it last did.
        """
        answer = mapping(
            await self._client.call("device_generation", {"sn": self._serial})
        )
        totals: dict[str, float] = {}
        today = sound_energy(answer.get("today"), _LONGEST_DAY_HOURS)
        if today is not None:
            totals[_TODAY] = _rounded(today)
        month = sound_energy(answer.get("month"), self._now.day * _DAY_HOURS)
        if month is not None and f"{sent:%Y-%m}" == f"{self._now:%Y-%m}":
            for key in ("pv_energy_month", "inverter_energy_month"):
                totals[key] = _rounded(month)
        return totals

    def _risen(self, key: str, energy: float) -> float:
        """Return a total that has not fallen since it began anew."""
        period = f"{self._now:%Y-%m}" if key in MONTHLY else f"{self._now:%Y-%m-%d}"
        kept = self._memory.kept("totals").setdefault(key, {})
        if kept.get("period") == period:
            energy = max(energy, kept["energy"])
        kept.update(period=period, energy=energy)
        return energy


def _sum(days: Sequence[object]) -> float | None:
    """Return what some days come to, `None` while one of them is not to be believed.

    Before an inverter was there its days are null, and so may this day be yet.
    """
    known = list(dropwhile(lambda value: value is None, days))
    if known and known[-1] is None:
        known.pop()
    energies = [sound_energy(value, _LONGEST_DAY_HOURS) for value in known]
    sound = [energy for energy in energies if energy is not None]
    return _rounded(sum(sound)) if sound and len(sound) == len(energies) else None


def _rounded(energy: float) -> float:
    """Return an energy in the device's resolution of 0.1 kWh."""
    return round(energy, 1) + 0.0
