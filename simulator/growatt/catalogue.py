"""The devices that can be simulated (Growatt notes 1.3). Power in W, energy in Wh."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .families import (
    BOOST,
    HPS,
    INV,
    MAX,
    MIN,
    NOAH,
    PBD,
    PCS,
    SPA,
    SPH,
    SPHS,
    STORAGE,
    WIT,
    Family,
)


@dataclass(frozen=True, kw_only=True)
class Profile:
    """A device type. `listed_as` are its types in v1 device lists; a MAX may be there twice."""

    key: str
    family: Family
    rated_w: int
    pv_peak_w: int = 0
    strings: int = 2
    phases: int = 1
    capacity_wh: int = 0
    battery_w: int = 0
    packs: int = 0
    model: str = "S25B00D00T00P0FU01M0072"
    listed_as: tuple[int, ...] = ()
    foreign_pv_w: int = 0
    upload_minutes: int = 5
    metered: bool = False

    @property
    def has_battery(self) -> bool:
        """Return whether the device has a battery."""
        return bool(self.capacity_wh)

    @property
    def types(self) -> tuple[int, ...]:
        """Return the device's types in v1 device lists, of which v4-only devices have none."""
        return self.listed_as or ((self.family.v1_type,) if self.family.v1_type else ())


PROFILES: Final[Mapping[str, Profile]] = {
    profile.key: profile
    for profile in (
        Profile(key="MIC", family=MIN, rated_w=2000, pv_peak_w=2300, strings=1),
        Profile(key="MIN", family=MIN, rated_w=5000, pv_peak_w=5600),
        Profile(
            key="MIN-XH",
            family=MIN,
            rated_w=6000,
            pv_peak_w=7800,
            capacity_wh=10240,
            battery_w=5000,
            metered=True,
        ),
        Profile(
            key="MOD-XH",
            family=MIN,
            rated_w=10000,
            pv_peak_w=12000,
            phases=3,
            capacity_wh=15360,
            battery_w=9000,
            metered=True,
        ),
        Profile(
            key="SPH",
            family=SPH,
            rated_w=6000,
            pv_peak_w=6600,
            capacity_wh=13000,
            battery_w=3000,
            metered=True,
        ),
        Profile(
            key="SPH-TL3",
            family=SPH,
            rated_w=10000,
            pv_peak_w=11000,
            phases=3,
            capacity_wh=15360,
            battery_w=10000,
            metered=True,
        ),
        Profile(
            key="SPA",
            family=SPA,
            rated_w=3000,
            strings=0,
            capacity_wh=6500,
            battery_w=3000,
            foreign_pv_w=5000,
            metered=True,
        ),
        Profile(
            key="MAX", family=MAX, rated_w=50000, pv_peak_w=60000, strings=6, phases=3
        ),
        Profile(
            key="MAX-TWICE",
            family=MAX,
            rated_w=50000,
            pv_peak_w=60000,
            strings=6,
            phases=3,
            listed_as=(1, 4),
        ),
        Profile(key="INV", family=INV, rated_w=5000, pv_peak_w=5800, phases=3),
        Profile(
            key="STORAGE",
            family=STORAGE,
            rated_w=5000,
            pv_peak_w=4500,
            strings=1,
            capacity_wh=9600,
            battery_w=4800,
            metered=True,
        ),
        Profile(
            key="PCS",
            family=PCS,
            rated_w=100000,
            strings=0,
            phases=3,
            capacity_wh=200000,
            battery_w=100000,
            metered=True,
        ),
        Profile(
            key="HPS",
            family=HPS,
            rated_w=50000,
            pv_peak_w=60000,
            phases=3,
            capacity_wh=100000,
            battery_w=50000,
            metered=True,
        ),
        Profile(
            key="PBD",
            family=PBD,
            rated_w=60000,
            pv_peak_w=75000,
            strings=5,
            capacity_wh=120000,
            battery_w=60000,
        ),
        Profile(key="BOOST", family=BOOST, rated_w=3600, strings=0),
        Profile(
            key="WIT",
            family=WIT,
            rated_w=100000,
            pv_peak_w=120000,
            strings=10,
            phases=3,
            capacity_wh=200000,
            battery_w=100000,
            metered=True,
        ),
        Profile(
            key="SPH-S",
            family=SPHS,
            rated_w=6000,
            pv_peak_w=6500,
            strings=3,
            capacity_wh=10000,
            battery_w=5000,
            metered=True,
        ),
        Profile(
            key="NOAH",
            family=NOAH,
            rated_w=800,
            pv_peak_w=1600,
            strings=4,
            capacity_wh=4096,
            battery_w=1000,
            packs=2,
            model="Noah 2000",
            upload_minutes=1,
        ),
        Profile(
            key="NEXA",
            family=NOAH,
            rated_w=800,
            pv_peak_w=1800,
            strings=4,
            capacity_wh=2048,
            battery_w=1000,
            packs=1,
            model="NEXA 2000",
            upload_minutes=1,
        ),
    )
}
