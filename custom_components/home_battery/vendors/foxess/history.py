"""The past of one Fox ESS inverter, from history and reports (Fox ESS notes 1.7)."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final, override

from ...battery.history import (
    History,
    HistoryRequest,
    Point,
    Resolution,
    Slot,
    reports,
    slots,
)
from ...battery.model import Device, Role, Value
from .client import FoxEssClient
from .errors import AmbiguousError
from .models import RealTime
from .readings import common_of, names_of, record_keys
from .record_history import RecordHistory, span
from .series import ENERGIES, YIELD, parse_report, parse_series, sound_energy

# The vendor's names, which the tables of readings have in lower case. Some devices spell
# one in another way.
SPELLED: Final = (
    "pvPower",
    "loadsPower",
    "generationPower",
    "epsPower",
    "gridConsumptionPower",
    "feedinPower",
    "meterPower",
    "batChargePower",
    "batDischargePower",
    "invBatPower",
    "invBatPower_1",
    "invBatPower_2",
    "SoC",
    "SoC_1",
    "SoC_2",
    "Soc_2",
    "SOH",
    "SOH_1",
    "batTemperature",
    "batTemperature_1",
    "batVolt",
    "batVolt_1",
    "invBatVolt",
    "invBatCurrent",
    "invBatCurrent_1",
    "invTemperation",
    "maxChargeCurrent",
    "maxDischargeCurrent",
    "chargeEnergyToTal",
    "dischargeEnergyToTal",
    "gridConsumption",
    "feedin",
    "loads",
    "PVEnergyTotal",
    "generation",
    "runningState",
    "currentFaultCount",
)

# Fewer variables than this are no reason for the vendor to fail.
_NARROWEST: Final = 10

_FIRST_YEAR: Final = 2020
_DIMENSIONS: Final = {
    Resolution.HOUR: "day",
    Resolution.DAY: "month",
    Resolution.MONTH: "year",
}
_PV: Final = ENERGIES["pv_energy"]
_IMPORT: Final = ENERGIES["grid_energy_imported"]
_EXPORT: Final = ENERGIES["grid_energy_exported"]
_METERED: Final = ("grid_energy", "load_")

type _Sums = dict[Slot, float]


class FoxEssHistory(RecordHistory):
    """The past of one inverter."""

    def __init__(self, client: FoxEssClient, device: Device) -> None:
        """Keep the means; nothing is sent yet."""
        self._client = client
        self._serial = device.id
        self._has_battery = device.role is Role.SYSTEM

    @override
    def keys(self, resolution: Resolution) -> frozenset[str]:
        """Return the readings that are told at a resolution."""
        if resolution is Resolution.RECORDS:
            return super().keys(resolution)
        return frozenset(
            key
            for key in ENERGIES
            if self._has_battery or not key.startswith("battery_")
        )

    @override
    def calls(self, request: HistoryRequest) -> int:
        """Return how many windows or reports a request takes."""
        if request.resolution is Resolution.RECORDS:
            return super().calls(request)
        return sum(first.year >= _FIRST_YEAR for first in reports(request))

    @override
    async def fetch(self, request: HistoryRequest) -> History:
        """Fetch the past, window by window or report by report."""
        if request.resolution is Resolution.RECORDS:
            return await super().fetch(request)
        return await self._energies(request)

    @override
    def record_keys(self) -> frozenset[str]:
        """Return the readings that a record can have."""
        return record_keys(has_battery=self._has_battery)

    @override
    def readings(self, values: Mapping[str, object]) -> dict[str, Value]:
        """Return the common readings of a record."""
        return common_of(values, has_battery=self._has_battery)

    @override
    async def window(
        self, keys: frozenset[str], begin: datetime, end: datetime
    ) -> list[RealTime]:
        """Fetch the records of one window."""
        names = names_of(keys, has_battery=self._has_battery)
        variables = [name for name in SPELLED if name.lower() in names]
        return await self._window(variables, begin, end)

    async def _window(
        self, variables: list[str], begin: datetime, end: datetime
    ) -> list[RealTime]:
        """Fetch some variables of one window.

        Some devices fail when too much is asked for at once; then it is asked
        for in halves.
        """
        try:
            answer = await self._client.call(
                "device_history",
                {"sn": self._serial, "variables": variables, **span(begin, end)},
            )
        except AmbiguousError:
            if len(variables) <= _NARROWEST:
                raise
        else:
            return await parse_series(answer, self._serial)
        half = len(variables) // 2
        merged: dict[datetime | None, dict[str, object]] = {}
        for part in (variables[:half], variables[half:]):
            for real_time in await self._window(part, begin, end):
                merged.setdefault(real_time.time, {}).update(real_time.values)
        return [
            RealTime(serial=self._serial, time=at, values=values)
            for at, values in merged.items()
        ]

    async def _energies(self, request: HistoryRequest) -> History:
        """Fetch the energies of every slot that the request touches."""
        variables = self._variables(request.keys)
        sums: dict[str, _Sums] = {variable: {} for variable in variables}
        for first in reports(request):
            if first.year < _FIRST_YEAR:
                continue
            answer = await self._client.call(
                "device_report",
                {
                    "sn": self._serial,
                    "year": first.year,
                    "month": first.month,
                    "day": first.day,
                    "dimension": _DIMENSIONS[request.resolution],
                    "variables": variables,
                },
            )
            # Some devices' names are mixed up in the report of a year.
            by_order = request.resolution is Resolution.MONTH
            report = parse_report(answer, variables, by_order=by_order)
            within = slots(request.resolution, first, request.time_zone)
            for variable, values in report.items():
                for slot, energy in _counted(within, values).items():
                    if slot.end > request.start and slot.start < request.end:
                        sums[variable][slot] = energy
        return History(
            points={
                key: tuple(
                    Point(start=slot.start, end=slot.end, value=round(energy, 1) + 0.0)
                    for slot, energy in values.items()
                )
                for key, values in self._by_key(request.keys, sums).items()
            }
        )

    def _variables(self, keys: frozenset[str]) -> list[str]:
        """Return the vendor's energies that readings are made of."""
        variables = {ENERGIES[key] for key in keys}
        if not self._has_battery:
            variables.add(YIELD)
            if any(key.startswith(_METERED) for key in keys):
                variables |= {_IMPORT, _EXPORT}
        return sorted(variables)

    def _by_key(
        self, keys: frozenset[str], sums: Mapping[str, _Sums]
    ) -> dict[str, _Sums]:
        """Return the energies by reading.

        Of an inverter without a battery and a meter the cloud keeps zeros for
        all but the yield, which then is PV alone.
        """
        found = {key: sums[ENERGIES[key]] for key in keys}
        if self._has_battery:
            return found
        if "pv_energy" in keys and not any(sums[_PV].values()):
            found["pv_energy"] = sums[YIELD]
        meter = (sums.get(_IMPORT, {}), sums.get(_EXPORT, {}))
        if not any(any(values.values()) for values in meter):
            return {k: v for k, v in found.items() if not k.startswith(_METERED)}
        return found


def _counted(within: Iterable[Slot], values: Iterable[object]) -> _Sums:
    """Return the sound energies by slot.

    What stands in an hour that the clock leaves out belongs to the next one.
    """
    result: _Sums = {}
    carried = 0.0
    for slot, value in zip(within, values, strict=False):
        energy = _sound(value, slot)
        if slot.start == slot.end:
            carried = energy or 0.0
            continue
        if energy is not None:
            result[slot] = energy + carried
        carried = 0.0
    return result


def _sound(value: object, slot: Slot) -> float | None:
    """Return an energy that a house can have had in a slot."""
    return sound_energy(value, max((slot.end - slot.start) / timedelta(hours=1), 1))
