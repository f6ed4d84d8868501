"""Each family that can be steered: where its settings are read, and what makes of them.

Growatt notes, 1.4 and 1.7. A token may be forbidden any of the calls, and then the
next that tells the same is asked (1.9).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final, override

from ....battery.model import Device
from . import calls, min as min_, mix, noah, plain, vpp
from .calls import VppCall
from .min import MinSettings
from .mix import MixSettings
from .noah import NoahSettings
from .plain import PlainSettings
from .settings import ACTIVE_POWER_RATE, Setting, Steering
from .values import Bean

# What a reading is about that is no control.
SCHEDULE: Final = "schedule"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A call that reads settings.

    Attributes:
        endpoint: Its name among the vendor's endpoints.
        serial: What the device's serial number is called in it.
        parameters: What else it is given.
        path: Where in the answer the record is; in a list it is the first.
        seldom: The vendor answers it only every few minutes.
    """

    endpoint: str
    serial: str = "device_sn"
    parameters: Mapping[str, str] = field(default_factory=dict)
    path: tuple[str, ...] = ()
    seldom: bool = False

    def asked(self, serial: str) -> dict[str, str]:
        """Return the parameters of the call for a device."""
        return {self.serial: serial, **self.parameters}

    def bean(self, answer: object) -> Bean:
        """Return the record in an answer, empty if there is none."""
        for step in self.path:
            answer = answer.get(step) if isinstance(answer, dict) else None
            if isinstance(answer, list):
                answer = next(iter(answer), None)
        return answer if isinstance(answer, dict) else {}


@dataclass(frozen=True, kw_only=True)
class Single(Reading):
    """A call that reads one setting from the device itself, which takes its time.

    Attributes:
        name: The vendor's name of the setting, under which the answer is kept.
        key: Its control, or `SCHEDULE`.
    """

    name: str
    key: str

    @override
    def bean(self, answer: object) -> Bean:
        """Return the answer under the setting's name."""
        return {} if answer is None or answer == "" else {self.name: answer}


@dataclass(frozen=True, kw_only=True)
class Family:
    """A family that can be steered.

    Attributes:
        parse: Types a record.
        records: Calls that each tell a whole record, the best first.
        needs: A key without which a record tells too little.
        singles: What no record tells.
        instead: What can be read one by one where no record is told at all.
        vpp: The vendor's short word for it, where it can be a part of a virtual
            power plant.
    """

    parse: Callable[[Bean, Device], Steering]
    records: tuple[Reading, ...] = ()
    needs: str | None = None
    singles: tuple[Single, ...] = ()
    instead: tuple[Single, ...] = ()
    vpp: str | None = None


def parameter_single(endpoint: str, name: str, key: str) -> Single:
    """Return the call that asks a device for a setting by its name (version 1)."""
    return Single(
        endpoint=endpoint,
        parameters={"paramId": name, "startAddr": "0", "endAddr": "0"},
        name=name,
        key=key,
    )


def vpp_single(device_type: str, name: str, key: str) -> Single:
    """Return the call that asks for a parameter of a virtual power plant."""
    return Single(
        endpoint="vpp_parameter_v4",
        serial="deviceSn",
        parameters={"deviceType": device_type, "setType": name},
        name=name,
        key=key,
    )


def _parameters(endpoint: str, settings: Iterable[Setting]) -> tuple[Single, ...]:
    """Return the calls that ask a device for settings one by one."""
    return tuple(
        parameter_single(endpoint, setting.name, setting.key) for setting in settings
    )


def _v4(device_type: str, *path: str) -> Reading:
    """Return the call of version 4 that tells a record."""
    return Reading(
        endpoint="details_v4",
        serial="deviceSn",
        parameters={"deviceType": device_type},
        path=(device_type, *path),
        seldom=True,
    )


def _power(device_type: str, key: str) -> Single:
    """Return the call of version 4 that tells the limit of active power."""
    return Single(
        endpoint="power_v4",
        serial="deviceSn",
        parameters={"deviceType": device_type},
        name="power_v4",
        key=key,
    )


def _plain(
    family: plain.PlainFamily,
    *,
    records: tuple[Reading, ...] = (),
    singles: tuple[Single, ...],
) -> Family:
    """Return a family whose settings are written one by one."""
    return Family(
        parse=partial(PlainSettings.parse, family),
        records=records,
        singles=singles,
        vpp=family.vpp,
    )


def _app(word: str) -> Family:
    """Return NOAH or NEXA, whose app may ask more often than version 4."""
    return Family(
        parse=NoahSettings.parse,
        records=(
            Reading(endpoint=f"{word}_app_settings", serial="deviceSn", path=("noah",)),
            _v4("noah"),
        ),
        needs=noah.NEEDED,
    )


def _only_singles(settings: Iterable[Setting]) -> tuple[Setting, ...]:
    """Return the settings that no record tells."""
    return tuple(setting for setting in settings if not setting.reads)


_AC_CHARGE: Final = "acChargeEnable"

FAMILIES: Final[Mapping[str, Family]] = {
    "min": Family(
        parse=MinSettings.parse,
        records=(
            Reading(endpoint="min_settings"),
            Reading(endpoint="min_details", path=("tlxSetbean",), seldom=True),
            _v4("min", "tlxSetbean"),
        ),
        needs=_AC_CHARGE,
        instead=_parameters("min_parameter", (*min_.BATTERY, *min_.OTHERS)),
        vpp="min",
    ),
    "sph": Family(
        parse=partial(MixSettings.parse, mix.SPH_FAMILY),
        records=(Reading(endpoint="sph_details"), _v4("sph")),
        needs=_AC_CHARGE,
        singles=_parameters("sph_parameter", _only_singles(mix.SPH_FAMILY.settings)),
        vpp="sph",
    ),
    # Version 1 does not tell whether a SPA charges from the grid.
    "spa": Family(
        parse=partial(MixSettings.parse, mix.SPA_FAMILY),
        records=(Reading(endpoint="spa_details"), _v4("spa")),
        needs=_AC_CHARGE,
        singles=_parameters("spa_parameter", _only_singles(mix.SPA_FAMILY.settings)),
        vpp="spa",
    ),
    "noah": _app("noah"),
    "nexa": _app("nexa"),
    "inverter": _plain(
        plain.INVERTER,
        singles=(
            *_parameters("inverter_parameter", plain.INVERTER.settings[calls.INVERTER]),
            _power("inv", ACTIVE_POWER_RATE),
        ),
    ),
    "max": _plain(
        plain.MAX,
        singles=(
            *_parameters("max_parameter", plain.MAX.settings[calls.MAX]),
            _power("max", ACTIVE_POWER_RATE),
        ),
    ),
    "storage": _plain(
        plain.STORAGE,
        singles=_parameters("storage_parameter", plain.STORAGE.settings[calls.STORAGE]),
    ),
    "wit": _plain(
        plain.WIT,
        records=(_v4("wit"),),
        singles=(
            *(
                vpp_single("wit", setting.name, setting.key)
                for setting in plain.WIT.settings[VppCall("wit")]
            ),
            vpp_single("wit", vpp.AUTHORITY, SCHEDULE),
            vpp_single("wit", vpp.SCHEDULE, SCHEDULE),
        ),
    ),
    "sph_s": _plain(plain.SPH_S, records=(_v4("sph-s"),), singles=()),
}
