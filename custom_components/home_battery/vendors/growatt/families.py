"""The families of Growatt's devices, and how each is asked about (notes, 1.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .endpoints import ENDPOINTS

MAX_BATCH: Final = 100


@dataclass(frozen=True, kw_only=True)
class Family:
    """One family of devices.

    Attributes:
        key: Our name for it, which the names of its calls begin with.
        has_battery: Whether its devices have one; `None` where only a device's
            records tell.
        v1_type: `type` in the device list of API v1.
        v1_word: The family's word in the paths and parameters of API v1.
        v4_type: `deviceType` in API v4.
        check_type: `deviceType` in the answer about a serial number.
        app: Its word in the paths of the app's API.
        vpp: Whether API v4 lets its devices be steered as a power plant.
    """

    key: str
    has_battery: bool | None = False
    v1_type: int | None = None
    v1_word: str | None = None
    v4_type: str | None = None
    check_type: int | None = None
    app: str | None = None
    vpp: bool = False

    @property
    def serial_parameter(self) -> str:
        """Return what API v1 calls its serial number, where it asks for one by word."""
        return "device_sn" if self.key == "inverter" else f"{self.v1_word}_sn"

    @property
    def serials_parameter(self) -> str:
        """Return what API v1 calls many of its serial numbers."""
        return "inverters" if self.key == "inverter" else f"{self.v1_word}s"

    def has(self, call: str) -> bool:
        """Tell whether API v1 has a call for it, such as `details`."""
        return f"{self.key}_{call}" in ENDPOINTS


INVERTER: Final = Family(
    key="inverter", v1_type=1, v1_word="inverter", v4_type="inv", check_type=16
)
STORAGE: Final = Family(
    key="storage",
    has_battery=True,
    v1_type=2,
    v1_word="storage",
    v4_type="storage",
    check_type=96,
)
MAX: Final = Family(key="max", v1_type=4, v1_word="max", v4_type="max", check_type=18)
SPH: Final = Family(
    key="sph",
    has_battery=True,
    v1_type=5,
    v1_word="mix",
    v4_type="sph",
    check_type=17,
    vpp=True,
)
SPA: Final = Family(
    key="spa",
    has_battery=True,
    v1_type=6,
    v1_word="spa",
    v4_type="spa",
    check_type=19,
    vpp=True,
)
MIN: Final = Family(
    key="min",
    has_battery=None,
    v1_type=7,
    v1_word="tlx",
    v4_type="min",
    check_type=22,
    vpp=True,
)
PCS: Final = Family(
    key="pcs", has_battery=True, v1_type=8, v1_word="pcs", check_type=81
)
HPS: Final = Family(
    key="hps", has_battery=True, v1_type=9, v1_word="hps", check_type=82
)
PBD: Final = Family(
    key="pbd", has_battery=True, v1_type=10, v1_word="pbd", check_type=83
)
BOOST: Final = Family(key="boost", v1_type=11, v1_word="boost")
WIT: Final = Family(
    key="wit", has_battery=None, v4_type="wit", check_type=218, vpp=True
)
SPH_S: Final = Family(key="sph_s", has_battery=True, v4_type="sph-s", check_type=260)
NOAH: Final = Family(
    key="noah", has_battery=True, v4_type="noah", check_type=1000, app="noah"
)
NEXA: Final = Family(
    key="nexa", has_battery=True, v4_type="noah", check_type=1000, app="nexa"
)
METER: Final = Family(key="meter", v1_word="ammeter")
ENV: Final = Family(key="env", v1_word="env")
DATALOGGER: Final = Family(key="datalogger", v1_word="datalogger", check_type=0)

FAMILIES: Final[Mapping[str, Family]] = {
    family.key: family
    for family in (
        *(INVERTER, STORAGE, MAX, SPH, SPA, MIN, PCS, HPS, PBD, BOOST),
        *(WIT, SPH_S, NEXA, NOAH, METER, ENV, DATALOGGER),
    )
}


# Of a type the last counts: a NEXA is a NOAH until its model is known.
_OF_V1: Final = {family.v1_type: family for family in FAMILIES.values()}
_OF_V4: Final = {family.v4_type: family for family in FAMILIES.values()}
_OF_CHECK: Final = {family.check_type: family for family in FAMILIES.values()}


def family_of_v1(number: float | None) -> Family | None:
    """Return the family of a `type` in the device list of API v1.

    Type 3 stands for loggers, meters and sensors alike, and is none.
    """
    return None if number is None else _OF_V1.get(int(number))


def family_of_v4(word: str | None, model: str | None = None) -> Family | None:
    """Return the family of a `deviceType` in API v4; a NEXA is told by its model."""
    return None if word is None else _told_by_model(_OF_V4.get(word), model)


def family_of_check(number: float | None, model: str | None = None) -> Family | None:
    """Return the family in the answer about a serial number."""
    if number is None:
        return None
    return _told_by_model(_OF_CHECK.get(int(number)), model)


def _told_by_model(family: Family | None, model: str | None) -> Family | None:
    """Return NEXA for a NOAH that calls itself so."""
    if family is NOAH and model is not None and model.lower().startswith("nexa"):
        return NEXA
    return family
