"""The families of devices, and what each is called where (Growatt notes 1.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Family:
    """A family. A name that is empty means that this part of the API does not know it.

    `v1` is the word of the v1 paths, `v1_type` the number in v1 device lists,
    `v4` the v4 device type, `check_type` the number that device/check/sn gives,
    `obj` the kind there: 1 inverter, 2 storage, 3 collector, 4 other. `table`
    begins the names of the tables of fields.
    """

    key: str
    table: str
    v1: str = ""
    v1_type: int = 0
    v4: str = ""
    check_type: int = 0
    obj: int = 1
    writes: str = ""
    reads: str = ""
    params: int = 0
    vpp: bool = False
    multiple: str = ""
    named: str = ""
    status: str = "Normal"

    @property
    def serial_param(self) -> str:
        """Return the form field for a serial number in v1 POST calls."""
        return f"{self.v1}_sn"


MIN: Final = Family(
    key="MIN",
    table="min",
    v1="tlx",
    v1_type=7,
    v4="min",
    check_type=22,
    writes="tlxSet",
    reads="readMinParam",
    params=19,
    vpp=True,
    multiple="tlxs",
    named="MIN",
)
SPH: Final = Family(
    key="SPH",
    table="sph",
    v1="mix",
    v1_type=5,
    v4="sph",
    check_type=17,
    obj=2,
    writes="mixSet",
    reads="readMixParam",
    params=18,
    vpp=True,
    multiple="mixs",
    named="MIX",
    status="PV Bat Online",
)
SPA: Final = Family(
    key="SPA",
    table="spa",
    v1="spa",
    v1_type=6,
    v4="spa",
    check_type=19,
    obj=2,
    writes="spaSet",
    reads="readSpaParam",
    params=18,
    vpp=True,
    multiple="spas",
    named="SPA",
    status="Bat Online",
)
MAX: Final = Family(
    key="MAX",
    table="max",
    v1="max",
    v1_type=4,
    v4="max",
    check_type=18,
    writes="maxSet",
    reads="readMaxParam",
    params=19,
    multiple="maxs",
    named="MAX",
)
INV: Final = Family(
    key="INV",
    table="inv",
    v1="inverter",
    v1_type=1,
    v4="inv",
    check_type=16,
    writes="inverterSet",
    reads="readInverterParam",
    params=2,
    multiple="inverters",
    named="INVERTER",
)
STORAGE: Final = Family(
    key="STORAGE",
    table="storage",
    v1="storage",
    v1_type=2,
    v4="storage",
    check_type=96,
    obj=2,
    writes="storageSet",
    reads="readStorageParam",
    params=4,
    named="STORAGE",
    status="Operating",
)
PCS: Final = Family(
    key="PCS", table="pcs", v1="pcs", v1_type=8, check_type=81, obj=2, named="PCS"
)
HPS: Final = Family(
    key="HPS", table="hps", v1="hps", v1_type=9, check_type=82, obj=2, named="HPS"
)
PBD: Final = Family(
    key="PBD", table="pbd", v1="pbd", v1_type=10, check_type=83, obj=2, named="PBD"
)
BOOST: Final = Family(
    key="BOOST", table="boost", v1="boost", v1_type=11, obj=4, multiple="boosts"
)
WIT: Final = Family(
    key="WIT", table="wit", v4="wit", check_type=218, obj=2, vpp=True, named="WIT"
)
SPHS: Final = Family(
    key="SPH-S", table="sphs", v4="sph-s", check_type=260, obj=2, named="SPH-S"
)
NOAH: Final = Family(
    key="NOAH", table="noah", v4="noah", check_type=1000, obj=2, named="NOAH"
)

FAMILIES: Final[Mapping[str, Family]] = {
    family.key: family
    for family in (
        MIN,
        SPH,
        SPA,
        MAX,
        INV,
        STORAGE,
        PCS,
        HPS,
        PBD,
        BOOST,
        WIT,
        SPHS,
        NOAH,
    )
}
V4_FAMILIES: Final = {family.v4: family for family in FAMILIES.values() if family.v4}
