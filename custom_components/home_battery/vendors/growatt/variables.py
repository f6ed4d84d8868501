"""What the records tell beyond the common readings (Growatt notes, section 5)."""

from collections.abc import Mapping
from functools import partial
import math
import re
from typing import Final

from ...battery.fields import Field, number
from ...battery.model import Value
from ...battery.variables import Quantity, Variable, numbered, single, value_of
from .measures import MEASURES
from .sums import ABSENT, lowered, names_of

FIELD_PREFIX: Final = "growatt_"

_PHASES: Final = (1, 2, 3)
# The largest magnitude that any hardware reaches.
_LIMITS: Final[Mapping[Quantity, float]] = {
    Quantity.POWER: 1_000_000,
    Quantity.APPARENT_POWER: 1_000_000,
    Quantity.REACTIVE_POWER: 1_000_000,
    Quantity.VOLTAGE: 2_000,
    Quantity.CURRENT: 2_000,
    Quantity.FREQUENCY: 100,
    Quantity.TEMPERATURE: 150,
    Quantity.ENERGY: 100_000_000,
    Quantity.SOC: 100,
    Quantity.LOAD: 1_000,
    Quantity.HUMIDITY: 100,
    Quantity.DIRECTION: 360,
    Quantity.SIGNAL: 150,
    Quantity.RATIO: 1,
}
# What has a sign, and for which a value may therefore mean that there is none.
_SIGNED: Final = frozenset(
    {
        Quantity.POWER,
        Quantity.REACTIVE_POWER,
        Quantity.CURRENT,
        Quantity.TEMPERATURE,
        Quantity.SIGNAL,
        Quantity.RATIO,
    }
)


def _field(key: str, names: tuple[str, ...], quantity: Quantity) -> Field:
    """Return where a variable is found, and within which limits."""
    return Field(
        key=key,
        names=names,
        limit=_LIMITS.get(quantity, math.inf),
        least=-math.inf if quantity in _SIGNED else 0,
        sentinels=ABSENT,
    )


_numbered = partial(numbered, make=_field)
_single = partial(single, make=_field)


def _strings(count: int) -> tuple[Variable, ...]:
    """Return the variables of PV strings."""
    return tuple(
        _numbered(
            "pv_string",
            range(1, count + 1),
            {
                Quantity.POWER: ("ppv{n}",),
                Quantity.VOLTAGE: ("vpv{n}",),
                Quantity.CURRENT: ("ipv{n}",),
                Quantity.ENERGY: ("epv{n}total",),
            },
        )
    )


_GRID: Final = {
    Quantity.VOLTAGE: ("vac{n}", "vac{p}"),
    Quantity.CURRENT: ("iac{n}", "iac{p}"),
}
# The numbered ones are what flows in all, the ones by letter what is of use.
_PHASES_VA: Final = tuple(
    _numbered("phase", _PHASES, {Quantity.APPARENT_POWER: ("pac{n}",), **_GRID})
)
_PHASES_W: Final = tuple(
    _numbered("phase", _PHASES, {Quantity.POWER: ("pac{p}",), **_GRID})
)
_STATE: Final = (
    _single("running_state", Quantity.CODE, "status"),
    _single("running_state_text", Quantity.CODE, "statustext"),
    _single("fault_codes", Quantity.FAULT, "faulttype", "faultcode", "faultstatus"),
    _single("warning_codes", Quantity.FAULT, "warncode"),
    _single("grid_frequency", Quantity.FREQUENCY, "fac", "freqgrid"),
)
_INVERTER: Final = (
    *_STATE,
    _single("inverter_energy", Quantity.ENERGY, "eactotal", "powertotal"),
    _single("power_factor", Quantity.RATIO, "pf"),
)
_HYBRID: Final = (
    *_INVERTER,
    *_PHASES_VA,
    _single(
        "battery_energy_charged_from_grid",
        Quantity.ENERGY,
        "eacchargetotal",
        "acchargeenergytotal",
    ),
    _single("battery_charge_power_from_grid", Quantity.POWER, "acchargepower"),
    _single("eps_load", Quantity.LOAD, "loadpercent", "upsloadpercent"),
    _single("eps_frequency", Quantity.FREQUENCY, "epsfac", "upsfac"),
)
_UPS: Final = tuple(
    _numbered(
        "eps_phase",
        _PHASES,
        {
            Quantity.APPARENT_POWER: ("upspac{n}",),
            Quantity.VOLTAGE: ("upsvac{n}", "epsvac{n}"),
            Quantity.CURRENT: ("upsiac{n}", "epsiac{n}"),
        },
    )
)
_MIN: Final = (
    *_HYBRID,
    *_strings(4),
    *_numbered(
        "eps_phase",
        _PHASES,
        {
            Quantity.POWER: ("epspac{n}",),
            Quantity.VOLTAGE: ("epsvac{n}",),
            Quantity.CURRENT: ("epsiac{n}",),
        },
    ),
    *_numbered(
        "pack",
        (1, 2),
        {
            Quantity.SOC: ("bdc{n}soc",),
            Quantity.VOLTAGE: ("bdc{n}vbat",),
            Quantity.CURRENT: ("bdc{n}ibat",),
            Quantity.TEMPERATURE: ("bdc{n}temp1",),
        },
    ),
)
_WIT: Final = (
    *_HYBRID,
    *_strings(10),
    *_numbered("pack", (1,), {Quantity.SOC: ("soc",), Quantity.VOLTAGE: ("vbat",)}),
    *_numbered(
        "pack", (2, 3), {Quantity.SOC: ("soc{n}",), Quantity.VOLTAGE: ("vbat{n}",)}
    ),
)
_STORAGE: Final = (
    *_STATE,
    _single("battery_energy_charged_from_grid", Quantity.ENERGY, "eacchargetotal"),
    _single("battery_charge_power_from_grid", Quantity.POWER, "paccharge"),
    _single("eps_load", Quantity.LOAD, "loadpercent"),
)
_NOAH: Final = (
    *_STATE,
    *_numbered(
        "pv_string",
        range(1, 5),
        {
            Quantity.VOLTAGE: ("pv{n}voltage",),
            Quantity.CURRENT: ("pv{n}current",),
            Quantity.TEMPERATURE: ("pv{n}temp",),
        },
    ),
    *_numbered(
        "pack",
        range(1, 5),
        {
            Quantity.SOC: ("battery{n}soc",),
            Quantity.TEMPERATURE: ("battery{n}temp",),
        },
    ),
    _single("system_temperature", Quantity.TEMPERATURE, "systemtemp"),
)
_METER: Final = (
    *_numbered(
        "meter_phase",
        _PHASES,
        {
            Quantity.POWER: ("activepowerl{n}", "{a}activepower"),
            Quantity.VOLTAGE: ("voltagel{n}", "voltageu{a}", "{a}voltage"),
            Quantity.CURRENT: ("currentl{n}", "currenti{a}", "{a}current"),
        },
    ),
    _single("meter_energy", Quantity.ENERGY, "activeenergy", "totalenergy"),
    _single("apparent_power", Quantity.APPARENT_POWER, "apparentpower"),
    _single("reactive_power", Quantity.REACTIVE_POWER, "reactivepower"),
    _single("power_factor", Quantity.RATIO, "powerfactor"),
    _single("grid_frequency", Quantity.FREQUENCY, "frequency", "gridfrequency"),
)
_ENVIRONMENT: Final = (
    _single("air_temperature", Quantity.TEMPERATURE, "envtemp"),
    _single("air_humidity", Quantity.HUMIDITY, "envhumidity"),
    _single("panel_temperature", Quantity.TEMPERATURE, "paneltemp"),
    _single("irradiance", Quantity.COUNT, "radiant"),
    _single("wind_speed", Quantity.COUNT, "windspeed"),
    _single("wind_direction", Quantity.DIRECTION, "windangle"),
)
_BOOST: Final = (
    *_numbered(
        "phase",
        _PHASES,
        {
            Quantity.POWER: ("{a}ppv",),
            Quantity.VOLTAGE: ("{a}vpv",),
            Quantity.CURRENT: ("{a}ipv",),
        },
    ),
    _single("heater_power", Quantity.POWER, "power"),
    _single("heater_energy", Quantity.ENERGY, "totaleneny"),
    _single("heater_temperature", Quantity.TEMPERATURE, "temperature"),
)

_BY_FAMILY: Final[Mapping[str, tuple[Variable, ...]]] = {
    "inverter": (*_INVERTER, *_PHASES_W, *_strings(10)),
    "max": (*_INVERTER, *_PHASES_W, *_strings(16)),
    "min": _MIN,
    "sph": (*_HYBRID, *_UPS, *_strings(2)),
    "spa": (*_HYBRID, *_UPS),
    "sph-s": (*_HYBRID, *_UPS, *_strings(3)),
    "wit": _WIT,
    "storage": _STORAGE,
    "pcs": _STATE,
    "hps": (*_STATE, *_strings(2)),
    "pbd": (*_STATE, *_strings(5)),
    "noah": _NOAH,
    "nexa": _NOAH,
    "boost": _BOOST,
    "meter": _METER,
    "env": _ENVIRONMENT,
    "datalogger": (_single("signal_strength", Quantity.SIGNAL, "signal"),),
    "plant": (_single("plant_energy", Quantity.ENERGY, "total_energy"),),
}
# What is worth being seen from the start, because its device has little else.
ENABLED: Final = (
    *(variable.key for variable in _ENVIRONMENT),
    "heater_power",
    "heater_energy",
    "heater_temperature",
)
# What the account works out of several answers, see `plant.py`.
PLANT_POWER: Final = _single("plant_power", Quantity.POWER)
VARIABLES: Final = tuple(
    {
        variable.key: variable
        for variables in (*_BY_FAMILY.values(), (PLANT_POWER,))
        for variable in variables
    }.values()
)

# These fill in a handful of their fields, and send 0 for the others.
_SPARSE: Final = frozenset({"meter", "env", "boost"})
# Of these, 0 means that nothing measures them.
_NEVER_ZERO: Final = frozenset(
    {Quantity.FREQUENCY, Quantity.HUMIDITY, Quantity.TEMPERATURE}
)
# Below this a string without panels shows noise.
_NOISE_VOLTS: Final = 10.0
_BATTERY_KEYS: Final = ("battery_", "pack_", "eps_")
_BATTERY_NAMES: Final = re.compile(
    r"b(dc|ms|at)|[ivp]bat|(e|p|ac|acc|eac)(dis)?charge|(min|max|win\w*)?so[ch](\d|text)?$"
)
# Serial numbers, addresses, names and places, the record's own time, and what the
# cloud fills in for itself.
_NO_READING: Final = re.compile(
    r".*(Sn|SN|_sn)|bmssn"
    r"|(?i:.*(serial.*|bean|map|address|name|alias|location|(last|sys)\w*time.*))"
    r"|(?i:.*(serverip|mail|phone|latitude|longitude).*|city|country)"
    r"|(?i:(inverter|module|protectpack|plant|tree)?id2?|addr|day|(is)?again|withtime|lost)"
    r"|(?i:time(str|text|calendar|zone)?|calendar|debug\d*|moneyunit|statuslang)"
)
_SAYS_NOTHING: Final = frozenset({"unknown", "none", "null"})
_TEXT: Final = "text"


def values_of(
    family: str, raw: Mapping[str, object], *, has_battery: bool
) -> dict[str, Value]:
    """Return what a record tells beyond the common readings.

    A field that no table knows is told under the vendor's name for it.

    Args:
        family: The device's family.
        raw: What it sent, by the vendor's names.
        has_battery: Where it has none, all that is said of one is left out.
    """
    record = lowered(raw)
    if family == "meter":
        # Makes of meters fill in different fields for the same.
        record = {name: sent for name, sent in record.items() if number(sent) != 0}
    variables = _BY_FAMILY.get(family, ())
    places = {
        (_group(variable), variable.number)
        for variable in variables
        if _proves_place(variable, variable.read(record))
    }
    values = {
        variable.key: value
        for variable in variables
        if (has_battery or not variable.key.startswith(_BATTERY_KEYS))
        and (variable.number is None or (_group(variable), variable.number) in places)
        and (value := variable.read(record)) is not None
        and (value or variable.quantity not in _NEVER_ZERO)
    }
    known = _KNOWN.get(family, frozenset())
    for name, sent in raw.items():
        low = name.lower()
        if (
            low in known
            or low not in record
            or record[low] is not sent
            or (low.endswith(_TEXT) and low.removesuffix(_TEXT) in record)
            or _NO_READING.fullmatch(name)
            or (not has_battery and _BATTERY_NAMES.match(low))
        ):
            continue
        value = _told(sent)
        if value is not None and (value or family not in _SPARSE):
            values[FIELD_PREFIX + re.sub(r"\W", "_", name)] = value
    return values


def _group(variable: Variable) -> str:
    """Return what a numbered variable is one of."""
    return variable.text.removesuffix(f"_{variable.quantity}")


def _proves_place(variable: Variable, value: Value | None) -> bool:
    """Tell whether a value shows that its string, phase or pack exists.

    Of strings without panels noise comes and the temperature of their input.
    """
    if not isinstance(value, int | float):
        return False
    match variable.quantity:
        case Quantity.VOLTAGE:
            return value > _NOISE_VOLTS
        case Quantity.CURRENT:
            return False
        case Quantity.TEMPERATURE:
            return value != 0 and _group(variable) == "pack"
    return value != 0


def _told(sent: object) -> Value | None:
    """Return what a field says that no table knows, if it says anything."""
    value = value_of(sent)
    if value in ABSENT or str(value).lower() in _SAYS_NOTHING:
        return None
    return value


_KNOWN: Final[Mapping[str, frozenset[str]]] = {
    family: names_of(MEASURES.get(family, {})).union(
        *(variable.names for variable in variables)
    )
    for family, variables in _BY_FAMILY.items()
}
