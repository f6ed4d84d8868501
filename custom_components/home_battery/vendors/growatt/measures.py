"""The common readings in the records of each family (Growatt notes, section 5).

Names are in lower case, because v1, v4 and the families spell them differently
(`etoGridTotal`, `etogridTotal`, `eToGridTotal`).
"""

from collections.abc import Callable, Mapping
from typing import Final

from ...battery.fields import Field
from .noah import NOAH
from .sums import (
    Mean,
    Measures,
    Sum,
    amperes,
    celsius,
    cycles,
    each,
    energy,
    flow,
    percent,
    power,
    volts,
)


def _numbered(make: Callable[[str], Field], name: str, last: int) -> tuple[Field, ...]:
    """Return the fields of what is numbered from 1."""
    return tuple(make(name.format(place)) for place in range(1, last + 1))


def _pv(strings: int) -> Measures:
    """Return PV as most families have it; its total may be 0, those of strings not."""
    return {
        "pv_power": (Sum((flow("ppv"),)), Sum(_numbered(flow, "ppv{}", strings))),
        "pv_energy": (
            Sum((energy("epvtotal"),)),
            Sum(_numbered(energy, "epv{}total", strings)),
        ),
    }


def _between(plus: str, minus: str) -> tuple[Sum, ...]:
    """Return what flows one way, less what flows the other."""
    return (Sum((flow(plus),), (flow(minus),)),)


_METER: Final[Measures] = {
    "grid_power": _between("pactousertotal", "pactogridtotal"),
    "grid_energy_imported": each(energy("etousertotal")),
    "grid_energy_exported": each(energy("etogridtotal")),
    "load_power": each(flow("plocalloadtotal", "pactolocalload")),
    "load_energy": each(energy("elocalloadtotal")),
}
_OUTPUT: Final[Measures] = {
    "inverter_power": each(power("pac")),
    "inverter_temperature": each(celsius("temp1", "temperature")),
}
_BATTERY: Final[Measures] = {
    "battery_soc": each(percent("soc", "bmssoc")),
    "battery_soh": each(percent("bmssoh")),
    "battery_power": _between("pdischarge1", "pcharge1"),
    "battery_energy_charged": each(energy("echarge1total")),
    "battery_energy_discharged": each(energy("edischarge1total", "edischargetotal")),
    "battery_voltage": each(volts("vbat", "bmsbatteryvolt", "vbatdsp")),
    "battery_current": each(amperes("bmsbatterycurr")),
    "battery_temperature": each(celsius("bmsbatterytemp", "batterytemperature")),
    "battery_cycles": each(cycles("bmscyclecnt")),
}

_MIN: Final[Measures] = {
    **_pv(4),
    **_METER,
    **_OUTPUT,
    # Which of them a firmware fills differs.
    "battery_soc": each(percent("bmssoc", "bdc1soc", "soc1", "bdc2soc", "soc2")),
    "battery_soh": each(percent("bmssoh")),
    "battery_power": (
        Sum(
            _numbered(flow, "bdc{}dischargepower", 2),
            _numbered(flow, "bdc{}chargepower", 2),
        ),
    ),
    "battery_energy_charged": (
        Sum((energy("echargetotal"),)),
        Sum(_numbered(energy, "bdc{}chargetotal", 2)),
    ),
    "battery_energy_discharged": (
        Sum((energy("edischargetotal"),)),
        Sum(_numbered(energy, "bdc{}dischargetotal", 2)),
    ),
    "battery_voltage": each(volts("bmsvbat", "bdc1vbat")),
    "battery_current": each(amperes("bmsibat", "bdc1ibat")),
    "battery_temperature": each(celsius("bmstemp1bat")),
    "battery_cycles": each(cycles("bmsicycle")),
    "eps_power": each(flow("epspac")),
}
_SPH: Final[Measures] = {
    **_pv(2),
    **_METER,
    **_OUTPUT,
    **_BATTERY,
    "grid_power": (
        *_between("pactousertotal", "pactogridtotal"),
        *_between("pactouserr", "pactogridr"),
    ),
    "load_power": each(flow("plocalloadtotal", "plocalloadr")),
}
_SPA: Final[Measures] = {
    **_SPH,
    # Of the inverter of any make that shares the house with it.
    "pv_power": each(flow("ppvinverter")),
    "pv_energy": each(energy("epvinvertertotal")),
}
_SPH_S: Final[Measures] = {
    **_pv(3),
    **_METER,
    **_OUTPUT,
    **_BATTERY,
    "inverter_temperature": each(celsius("invtemp", "dctemp")),
}
_WIT: Final[Measures] = {
    **_pv(10),
    **_METER,
    **_OUTPUT,
    "battery_soc": (Mean((percent("soc"), percent("soc2"), percent("soc3"))),),
    "battery_soh": each(percent("soh", "bsoh")),
    # Another list of the documents counts charging as positive; that is taken for
    # this one too, where the two directions are not told apart.
    "battery_power": (
        *_between("ubatdsgp", "ubatchgp"),
        Sum((), (power("batpower"), power("batpower2"), power("batpower3"))),
    ),
    "battery_energy_charged": (Sum(_numbered(energy, "echarge{}total", 3)),),
    "battery_energy_discharged": (Sum(_numbered(energy, "edischarge{}total", 3)),),
    "battery_voltage": each(volts("vbat", "bmsbatteryvolt", "vbatdsp")),
}
_STORAGE: Final[Measures] = {
    # The second input has fields of its own, which the first does not include.
    "pv_power": (Sum((flow("ppv"), flow("ppv2"))),),
    "pv_energy": (Sum((energy("epvtotal"), energy("epvtotal2"))),),
    "grid_power": _between("pactouser", "pactogrid"),
    "grid_energy_imported": each(energy("etousertotal")),
    "grid_energy_exported": each(energy("etogridtotal")),
    "inverter_power": each(flow("outputpower")),
    "inverter_temperature": each(celsius("invtemperature", "temperature")),
    "battery_soc": each(percent("capacity", "bmssoc")),
    "battery_soh": each(percent("bmssoh", "soh")),
    # The models off grid send one power, positive when it discharges.
    "battery_power": (
        Sum((power("pbat"),)),
        Sum(
            (flow("pdischarge"), flow("pdischarge2")),
            (flow("pcharge"), flow("pcharge2")),
        ),
    ),
    "battery_energy_charged": (
        Sum((energy("ebatchgtotal"),)),
        Sum((energy("echargetotal"), energy("echargetotal2"))),
    ),
    "battery_energy_discharged": (
        Sum((energy("ebatdischargetotal"),)),
        Sum((energy("edischargetotal"), energy("edischargetotal2"))),
    ),
    "battery_voltage": each(volts("vbat", "bmsbatteryvolt")),
    "battery_current": each(amperes("bmsbatterycurr")),
    "battery_temperature": each(celsius("bmsbatterytemp", "battemp")),
    "battery_cycles": each(cycles("cyclecount")),
}
# Nothing tells whether the powers of these are W or kW, but for the one of PV.
_PCS: Final[Measures] = {
    "pv_power": each(flow("ppv")),
    "grid_energy_imported": each(energy("gridtotal")),
    "grid_energy_exported": each(energy("togridtotal")),
    "load_energy": each(energy("loadtotal")),
    "battery_soc": each(percent("capacity")),
    "battery_energy_charged": each(energy("echargetotal")),
    "battery_energy_discharged": each(energy("edischargetotal")),
}
_HPS: Final[Measures] = {
    **_pv(2),
    "inverter_power": each(power("pac")),
    "grid_energy_imported": each(energy("egridtotal")),
    "grid_energy_exported": each(energy("etogridtotal")),
    "load_energy": each(energy("eloadtotal")),
    "battery_soc": each(percent("capacity")),
    "battery_energy_charged": each(energy("ebatchargetotal")),
    "battery_energy_discharged": each(energy("ebatdischargetotal")),
    "battery_voltage": each(volts("vbat")),
}
_PBD: Final[Measures] = {
    **_pv(5),
    "battery_soc": each(percent("capacity")),
    "battery_energy_charged": each(energy("echargetotal")),
    "battery_energy_discharged": each(energy("edischargetotal")),
    "battery_voltage": each(volts("vbat")),
}
_METERS: Final[Measures] = {
    # Its two directions apart, where it tells them.
    "grid_power": (
        *_between("posiactivepower", "reveractivepower"),
        Sum((power("activepower"),)),
        Sum((power("instantlytotalactivepower"),)),
        Sum(_numbered(power, "activepowerl{}", 3)),
        Sum((power("aactivepower"), power("bactivepower"), power("cactivepower"))),
    ),
    "grid_energy_imported": each(
        energy("positiveactivetotalenergy", "posiactivenettotalenergy")
    ),
    "grid_energy_exported": each(
        energy(
            "reverseactivetotalenergy",
            "reveractivenettotalenergy",
            "reverseactiveenergy",
        )
    ),
}

MEASURES: Final[Mapping[str, Measures]] = {
    "inverter": {**_pv(10), **_OUTPUT},
    "max": {**_pv(16), **_OUTPUT},
    "min": _MIN,
    "sph": _SPH,
    "spa": _SPA,
    "sph-s": _SPH_S,
    "wit": _WIT,
    "storage": _STORAGE,
    "pcs": _PCS,
    "hps": _HPS,
    "pbd": _PBD,
    "noah": NOAH,
    "nexa": NOAH,
    "meter": _METERS,
}

# What a PV inverter has put out, in v4 and in v1.
OUTPUT_ENERGY: Final = each(energy("eactotal", "powertotal"))
