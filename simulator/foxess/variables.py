"""The real-time variables, with the vendor's names and units (Fox ESS notes 6)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from .catalogue import PROFILES, Profile
from .records import Record

type Value = float | str

ENERGY_NAMES: Final[Mapping[str, str]] = {
    "generation": "generation",
    "feedin": "exported",
    "gridConsumption": "imported",
    "loads": "load",
    "chargeEnergyToTal": "charge",
    "dischargeEnergyToTal": "discharge",
    "PVEnergyTotal": "pv",
}
RUNNING_STATES: Final = {
    "160": "self-test",
    "161": "waiting",
    "162": "checking",
    "163": "on-grid",
    "164": "off-grid",
    "165": "fault",
    "166": "permanent-fault",
    "167": "standby",
    "168": "upgrading",
    "169": "fct",
    "170": "illegal",
}
_METERED: Final = frozenset({"feedin", "gridConsumption", "loads", "PVEnergyTotal"})


@dataclass(frozen=True, kw_only=True)
class Variable:
    """One variable of the vendor's table."""

    name: str
    unit: str | None = None
    title: str
    value: Callable[[Record], Value]
    has: Callable[[Profile], bool] = lambda _: True


def kw(watts: float) -> float:
    """Return kW with the binary noise of the vendor's own arithmetic."""
    return round(watts) * 0.001


def tenths(kwh: float) -> float:
    """Return kWh in the device's resolution of 0.1 kWh, with binary noise."""
    return int(kwh * 10 + 1e-6) * 0.1


def energy(record: Record, name: str) -> float:
    """Return a lifetime counter in kWh; without a meter the cloud keeps no more than the yield."""
    if not record.profile.has_battery and name in _METERED:
        return 0.0
    value: float = getattr(record.energies, ENERGY_NAMES[name])
    return tenths(value)


def _storage(profile: Profile) -> bool:
    """Return whether a device has a battery."""
    return profile.has_battery


def _single(profile: Profile) -> bool:
    """Return whether battery variables carry no pack number."""
    return profile.has_battery and not profile.suffixed


def _double(profile: Profile) -> bool:
    """Return whether battery variables carry a pack number."""
    return profile.suffixed


def _three_phase(profile: Profile) -> bool:
    """Return whether a device has three phases."""
    return profile.phases == 3


def _string_power(number: int) -> Callable[[Record], float]:
    """Return the power of a PV string in kW, unequal from string to string."""

    def value(record: Record) -> float:
        strings = record.profile.pv_strings
        if number > strings:
            return 0.0
        weights = [1 / (index + 1) for index in range(strings)]
        return kw(record.pv * weights[number - 1] / sum(weights))

    return value


def _string_volts(number: int) -> Callable[[Record], float]:
    """Return the voltage of a PV string; an unused input shows a few volts of noise."""

    def value(record: Record) -> float:
        if number > record.profile.pv_strings:
            return 3.4
        return 340.0 + 4.1 * number if record.pv else 20.6 + number

    return value


def _strings() -> Iterator[Variable]:
    """Yield the variables of the PV strings; each device also shows one unused input."""
    for number in range(1, 25):
        power, volts = _string_power(number), _string_volts(number)

        def amperes(
            record: Record,
            power: Callable[[Record], float] = power,
            volts: Callable[[Record], float] = volts,
        ) -> float:
            return round(power(record) * 1000 / volts(record), 1)

        def has(profile: Profile, number: int = number) -> bool:
            return number <= profile.pv_strings + 1

        yield Variable(
            name=f"pv{number}Volt",
            unit="V",
            title=f"PV{number}Volt",
            value=volts,
            has=has,
        )
        yield Variable(
            name=f"pv{number}Current",
            unit="A",
            title=f"PV{number}Current",
            value=amperes,
            has=has,
        )
        yield Variable(
            name=f"pv{number}Power",
            unit="kW",
            title=f"PV{number}Power",
            value=power,
            has=has,
        )


def _phases() -> Iterator[Variable]:
    """Yield the variables of the AC phases."""
    for letter, volts in (("R", 231.4), ("S", 230.2), ("T", 232.9)):
        has: Callable[[Profile], bool] = (
            _three_phase if letter != "R" else lambda _: True
        )

        def current(record: Record, volts: float = volts) -> float:
            return round(abs(record.generation) / record.profile.phases / volts, 1)

        def share(record: Record) -> float:
            return kw(record.generation / record.profile.phases)

        def zero(_: Record) -> float:
            return 0.0

        def volt(_: Record, volts: float = volts) -> float:
            return volts

        def load(record: Record) -> float:
            return kw(record.load / record.profile.phases)

        def meter(record: Record) -> float:
            return kw(record.grid / record.profile.phases)

        def three_phase_storage(profile: Profile) -> bool:
            return profile.has_battery and profile.phases == 3

        yield Variable(
            name=f"{letter}Current",
            unit="A",
            title=f"{letter}Current",
            value=current,
            has=has,
        )
        yield Variable(
            name=f"{letter}Volt", unit="V", title=f"{letter}Volt", value=volt, has=has
        )
        yield Variable(
            name=f"{letter}Freq",
            unit="Hz",
            title=f"{letter}Freq",
            value=lambda _: 49.98,
            has=has,
        )
        yield Variable(
            name=f"{letter}Power",
            unit="kW",
            title=f"{letter}Power",
            value=share,
            has=has,
        )
        storage = _storage if letter == "R" else three_phase_storage
        for name, unit in (("epsPower", "kW"), ("epsCurrent", "A"), ("epsVolt", "V")):
            yield Variable(
                name=name + letter,
                unit=unit,
                title=name + letter,
                value=zero,
                has=storage,
            )
        yield Variable(
            name=f"loadsPower{letter}",
            unit="kW",
            title=f"LoadsPower{letter}",
            value=load,
            has=three_phase_storage,
        )
        yield Variable(
            name=f"meterPower{letter}",
            unit="kW",
            title=f"MeterPower{letter}",
            value=meter,
            has=three_phase_storage,
        )


def _battery_amperes(record: Record) -> float:
    """Return the battery current in A, + discharging."""
    return round(record.battery / record.volts, 1) if record.volts else 0.0


def _battery_temperature(record: Record) -> float:
    """Return the battery temperature in °C."""
    return record.temperature


def _battery_text(record: Record) -> str:
    """Return the battery status in words, which KH inverters never change."""
    if record.profile.product_type == "KH" or record.battery < 0:
        return "Charge"
    return "Discharge" if record.battery else "Standby"


def _residual(record: Record) -> float:
    """Return the residual energy, which some batteries fill with their capacity."""
    full = record.capacity_wh / 1000
    return (
        round(full, 2)
        if record.profile.residual_is_capacity
        else round(full * record.soc / 100, 2)
    )


def _packs() -> Iterator[Variable]:
    """Yield the battery variables that carry a pack number where there are two packs."""

    def half(value: Callable[[Record], float]) -> Callable[[Record], float]:
        return lambda record: value(record) / 2

    def soc(shift: float) -> Callable[[Record], float]:
        return lambda record: float(round(min(100.0, max(0.0, record.soc + shift))))

    def power(record: Record) -> float:
        return kw(record.battery)

    plain: tuple[tuple[str, str, Callable[[Record], float]], ...] = (
        ("invBatPower", "kW", power),
        ("batVolt", "V", lambda record: round(record.volts, 1)),
        ("batCurrent", "A", _battery_amperes),
        ("batTemperature", "℃", _battery_temperature),
    )
    yield Variable(name="SoC", unit="%", title="SoC", value=soc(0), has=_single)
    yield Variable(name="SoC_1", unit="%", title="SoC_1", value=soc(0.6), has=_double)
    yield Variable(name="Soc_2", unit="%", title="Soc_2", value=soc(-0.6), has=_double)
    for name, unit, value in plain:
        yield Variable(name=name, unit=unit, title=name, value=value, has=_single)
        shared = half(value) if name in {"invBatPower", "batCurrent"} else value
        for number in (1, 2):
            yield Variable(
                name=f"{name}_{number}",
                unit=unit,
                title=f"{name}_{number}",
                value=shared,
                has=_double,
            )


def _energies() -> Iterator[Variable]:
    """Yield the lifetime counters."""
    titles = {
        "generation": "Cumulative power generation",
        "feedin": "Feed-in energy",
        "gridConsumption": "Energy from the grid",
        "loads": "Energy of the loads",
        "chargeEnergyToTal": "Total charge energy",
        "dischargeEnergyToTal": "Total discharge energy",
        "PVEnergyTotal": "Photovoltaic power generation",
    }
    for name, title in titles.items():

        def value(record: Record, name: str = name) -> float:
            return energy(record, name)

        has = _storage if "Energy" in name else lambda _: True
        yield Variable(name=name, unit="kWh", title=title, value=value, has=has)


def _table() -> Iterator[Variable]:
    """Yield all variables."""
    yield Variable(
        name="todayYield",
        unit="kW",
        title="Today's yield",
        value=lambda r: tenths(r.generation_today),
    )
    yield Variable(name="pvPower", unit="kW", title="PVPower", value=lambda r: kw(r.pv))
    yield from _strings()
    yield from _phases()
    yield Variable(
        name="epsPower", unit="kW", title="EPSPower", value=lambda _: 0.0, has=_storage
    )
    yield Variable(
        name="ambientTemperation",
        unit="℃",
        title="AmbientTemperature",
        value=lambda _: 24.7,
    )
    yield Variable(
        name="boostTemperation",
        unit="℃",
        title="BoostTemperature",
        value=lambda r: round(26 + r.pv / 400, 1),
    )
    yield Variable(
        name="invTemperation",
        unit="℃",
        title="InvTemperation",
        value=lambda r: round(25 + abs(r.generation) / 350, 1),
    )
    yield Variable(
        name="chargeTemperature",
        unit="℃",
        title="ChargeTemperature",
        value=lambda _: 0.0,
        has=_storage,
    )
    yield Variable(
        name="dspTemperature",
        unit="℃",
        title="DSPTemperature",
        value=lambda r: round(27 + r.pv / 500, 1),
    )
    yield Variable(
        name="loadsPower",
        unit="kW",
        title="Load Power",
        value=lambda r: kw(r.load if r.profile.has_battery else 0),
    )
    yield Variable(
        name="generationPower",
        unit="kW",
        title="Output Power",
        value=lambda r: kw(r.generation),
    )
    yield Variable(
        name="feedinPower",
        unit="kW",
        title="Feed-in Power",
        value=lambda r: kw(max(0, -r.grid)),
    )
    yield Variable(
        name="gridConsumptionPower",
        unit="kW",
        title="GridConsumption Power",
        value=lambda r: kw(max(0, r.grid)),
    )
    yield Variable(
        name="meterPower",
        unit="kW",
        title="MeterPower",
        value=lambda r: kw(r.grid),
        has=_storage,
    )
    yield Variable(
        name="meterPower2",
        unit="kW",
        title="Meter2Power",
        value=lambda _: 0.0,
        has=_storage,
    )
    yield Variable(
        name="invBatVolt",
        unit="V",
        title="InvBatVolt",
        value=lambda r: round(r.volts + 0.7, 1),
        has=_storage,
    )
    yield Variable(
        name="invBatCurrent",
        unit="A",
        title="InvBatCurrent",
        value=_battery_amperes,
        has=_storage,
    )
    yield Variable(
        name="batChargePower",
        unit="kW",
        title="Charge Power",
        value=lambda r: kw(max(0, -r.battery)),
        has=_storage,
    )
    yield Variable(
        name="batDischargePower",
        unit="kW",
        title="Discharge Power",
        value=lambda r: kw(max(0, r.battery)),
        has=_storage,
    )
    yield from _packs()
    yield Variable(
        name="SOH", unit="%", title="SOH", value=lambda _: 99.0, has=_storage
    )
    yield Variable(
        name="ResidualEnergy",
        unit="0.01kWh",
        title="Battery Residual Energy",
        value=_residual,
        has=_storage,
    )
    yield Variable(
        name="maxChargeCurrent",
        unit="A",
        title="Max charge current",
        value=lambda r: r.charge_limit_a,
        has=_storage,
    )
    yield Variable(
        name="maxDischargeCurrent",
        unit="A",
        title="Max discharge current",
        value=lambda r: r.discharge_limit_a,
        has=_storage,
    )
    yield Variable(
        name="ReactivePower",
        unit="kVar",
        title="ReactivePower",
        value=lambda r: kw(r.generation * 0.01),
    )
    yield Variable(name="PowerFactor", title="PowerFactor", value=lambda _: 1.0)
    yield from _energies()
    yield Variable(
        name="energyThroughput",
        unit="kWh",
        title="Battery throughput",
        value=lambda r: round(r.energies.charge + r.energies.discharge, 3),
        has=_storage,
    )
    yield Variable(name="runningState", title="Running State", value=lambda r: r.state)
    yield Variable(
        name="batStatus", title="Battery Status", value=lambda _: "1", has=_storage
    )
    yield Variable(
        name="batStatusV2",
        title="Battery Status Name",
        value=_battery_text,
        has=_storage,
    )
    yield Variable(
        name="currentFault",
        title="The current error code is reported",
        value=lambda r: ",".join(r.faults),
    )
    yield Variable(
        name="currentFaultCount",
        title="The number of errors",
        value=lambda r: str(len(r.faults)),
    )


VARIABLES: Final = tuple(_table())


@cache
def variables_of(profile_key: str) -> Mapping[str, Variable]:
    """Return the variables that a device type sends, by name."""
    return {
        variable.name: variable
        for variable in VARIABLES
        if variable.has(PROFILES[profile_key])
    }
