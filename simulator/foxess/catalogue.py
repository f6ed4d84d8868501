"""The devices that can be simulated, and how each family differs (Fox ESS notes 1.5 to 1.11)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from .errors import BAD_BODY, QUERY_FAILED, UNSUPPORTED, UNSUPPORTED_FUNCTION

HTTP_MISSING: Final = 404

_HYBRID_MODES = ("ForceDischarge", "Feedin", "SelfUse", "ForceCharge")
_WIDE_MODES = (
    "ForceDischarge",
    "Feedin",
    "ForceCharge(BAT)",
    "ForceDischarge(BAT)",
    "Backup",
    "SelfUse",
    "ForceCharge",
)


@dataclass(frozen=True, kw_only=True)
class Param:
    """An extra parameter of a schedule group, its range and its default."""

    low: float
    high: float
    default: float
    unit: str = "W"


@dataclass(frozen=True, kw_only=True)
class Pack:
    """A battery pack: its model and capacity in Wh."""

    model: str
    capacity_wh: int


@dataclass(frozen=True, kw_only=True)
class Profile:
    """A device type. Power in W."""

    key: str
    device_type: str
    product_type: str
    rated_w: int
    pv_peak_w: int
    pv_strings: int = 2
    phases: int = 1
    packs: tuple[Pack, ...] = ()
    battery_w: int = 0
    # Which scheduler versions refuse this device, and how: a vendor code, or HTTP 404.
    scheduler_refusals: Mapping[int, int] = field(default_factory=dict)
    flag_v1: bool = True
    max_groups: int = 24
    modes: tuple[str, ...] = _HYBRID_MODES
    params: Mapping[str, Param] = field(default_factory=dict)
    float_params: bool = False
    # None: the setting WorkMode is refused.
    work_modes: tuple[str, ...] | None = ("PeakShaving", "Feedin", "SelfUse")
    settings_refused: Mapping[str, int] = field(default_factory=dict)
    lowest_soc: int = 10
    peak_shaving: bool = False
    heating: bool = False
    display_sleep: bool = False
    meter_reader: bool = False
    suffixed: bool = False
    residual_is_capacity: bool = False
    widest_query: int | None = None

    @property
    def has_battery(self) -> bool:
        """Return whether the device has a battery."""
        return bool(self.packs)

    @property
    def capacity_wh(self) -> int:
        """Return the capacity of all packs."""
        return sum(pack.capacity_wh for pack in self.packs)


def _params(power_w: int, *, lowest: int = 10, **more: Param) -> dict[str, Param]:
    """Return the parameters that every scheduler knows, and more."""
    return {
        "minSocOnGrid": Param(low=lowest, high=100, default=10, unit="%"),
        "fdSoc": Param(low=lowest, high=100, default=10, unit="%"),
        "fdPwr": Param(low=0, high=power_w, default=power_w),
        "maxSoc": Param(low=10, high=100, default=100, unit="%"),
        **more,
    }


_NO_ECO = {
    "ECOMode": UNSUPPORTED,
    "LowPowerMode": UNSUPPORTED_FUNCTION,
    "ExportLimitPower": UNSUPPORTED,
}
_NO_BATTERY_SETTINGS = dict.fromkeys(
    (
        "WorkMode",
        "MinSoc",
        "MinSocOnGrid",
        "MaxSoc",
        "MaxSetChargeCurrent",
        "MaxSetDischargeCurrent",
    ),
    UNSUPPORTED,
) | dict.fromkeys(
    ("EpsOutPut", "ExportLimit", "Meter1Enable", "Meter2Enable"), UNSUPPORTED_FUNCTION
)

PROFILES: Final[Mapping[str, Profile]] = {
    profile.key: profile
    for profile in (
        Profile(
            key="KH8",
            device_type="KH8",
            product_type="KH",
            rated_w=8000,
            pv_peak_w=9200,
            pv_strings=4,
            packs=(Pack(model="EP11", capacity_wh=10360),),
            battery_w=8000,
            params=_params(10500),
            settings_refused=_NO_ECO,
            peak_shaving=True,
            residual_is_capacity=True,
        ),
        Profile(
            key="KH10-V2",
            device_type="KH10.5",
            product_type="KH",
            rated_w=10500,
            pv_peak_w=11800,
            pv_strings=4,
            packs=(
                Pack(model="EP11", capacity_wh=10360),
                Pack(model="EP11", capacity_wh=10360),
            ),
            battery_w=10000,
            scheduler_refusals={3: HTTP_MISSING},
            params=_params(10500),
            modes=(*_HYBRID_MODES, "Backup"),
            work_modes=("PeakShaving", "Feedin", "SelfUse", "Backup"),
            settings_refused=_NO_ECO,
            peak_shaving=True,
        ),
        Profile(
            key="H3-V1",
            device_type="H3-10.0-E",
            product_type="H3",
            rated_w=10000,
            pv_peak_w=10400,
            phases=3,
            packs=(
                Pack(model="ECS2900", capacity_wh=11520),
                Pack(model="ECS2900", capacity_wh=11520),
            ),
            battery_w=9000,
            scheduler_refusals={2: UNSUPPORTED, 3: UNSUPPORTED},
            params=_params(10500),
            modes=(*_HYBRID_MODES, "Backup"),
            work_modes=("Feedin", "SelfUse", "Backup"),
            settings_refused=_NO_ECO,
            heating=True,
            suffixed=True,
        ),
        Profile(
            key="H1-V0",
            device_type="H1-3.7-E",
            product_type="H",
            rated_w=3680,
            pv_peak_w=4200,
            packs=(Pack(model="HV2600", capacity_wh=5200),),
            battery_w=3600,
            scheduler_refusals={
                1: UNSUPPORTED_FUNCTION,
                2: UNSUPPORTED_FUNCTION,
                3: BAD_BODY,
            },
            flag_v1=False,
            params=_params(3700),
            modes=(*_HYBRID_MODES, "Backup"),
            work_modes=("Feedin", "SelfUse", "Backup"),
            settings_refused=_NO_ECO | {"MaxSoc": UNSUPPORTED_FUNCTION},
        ),
        Profile(
            key="EVO",
            device_type="EVO 10-5-H",
            product_type="812",
            rated_w=5000,
            pv_peak_w=7600,
            packs=(Pack(model="EVO", capacity_wh=10240),),
            battery_w=6000,
            scheduler_refusals={1: QUERY_FAILED},
            max_groups=96,
            modes=_WIDE_MODES,
            params=_params(
                12000,
                lowest=5,
                pvLimit=Param(low=0, high=24000, default=16000),
                importLimit=Param(low=0, high=100000, default=12000),
                exportLimit=Param(low=0, high=100000, default=12000),
                reactivePower=Param(low=-6000, high=6000, default=0, unit="Var"),
            ),
            float_params=True,
            work_modes=None,
            settings_refused=_NO_ECO,
            lowest_soc=5,
            heating=True,
            widest_query=60,
        ),
        Profile(
            key="PV",
            device_type="S3000-G2",
            product_type="S",
            rated_w=3000,
            pv_peak_w=3300,
            pv_strings=1,
            scheduler_refusals=dict.fromkeys(range(4), UNSUPPORTED),
            work_modes=None,
            settings_refused=_NO_ECO | _NO_BATTERY_SETTINGS,
        ),
        Profile(
            key="MICRO",
            device_type="M1-800-E",
            product_type="M1",
            rated_w=800,
            pv_peak_w=880,
            scheduler_refusals=dict.fromkeys(range(4), UNSUPPORTED),
            work_modes=None,
            settings_refused=_NO_ECO | _NO_BATTERY_SETTINGS,
        ),
        Profile(
            key="H3-PRO",
            device_type="H3-15.0-Smart",
            product_type="H3",
            rated_w=15000,
            pv_peak_w=18000,
            pv_strings=8,
            phases=3,
            packs=(
                Pack(model="EQ4800", capacity_wh=18640),
                Pack(model="EQ4800", capacity_wh=18640),
            ),
            battery_w=15000,
            max_groups=96,
            modes=(*_WIDE_MODES, "PeakShaving"),
            params=_params(
                15750,
                pvLimit=Param(low=0, high=20000, default=20000),
                importLimit=Param(low=0, high=100000, default=100000),
                exportLimit=Param(low=0, high=100000, default=100000),
                reactivePower=Param(low=-6000, high=6000, default=0, unit="Var"),
            ),
            work_modes=("PeakShaving", "Feedin", "SelfUse", "Backup"),
            peak_shaving=True,
            heating=True,
            suffixed=True,
        ),
        Profile(
            key="MS",
            device_type="MS-1200",
            product_type="MS",
            rated_w=1200,
            pv_peak_w=2000,
            packs=(Pack(model="MS2240", capacity_wh=2240),),
            battery_w=1200,
            scheduler_refusals=dict.fromkeys((0, 1), UNSUPPORTED_FUNCTION),
            params=_params(1200),
            work_modes=("Feedin", "SelfUse"),
            settings_refused={
                "EpsOutPut": UNSUPPORTED_FUNCTION,
                "Meter2Enable": UNSUPPORTED_FUNCTION,
                "GroundProtection": UNSUPPORTED,
            },
            display_sleep=True,
            meter_reader=True,
        ),
        Profile(
            key="R75",
            device_type="R75",
            product_type="R",
            rated_w=75000,
            pv_peak_w=82000,
            pv_strings=24,
            phases=3,
            scheduler_refusals=dict.fromkeys(range(4), UNSUPPORTED),
            work_modes=None,
            settings_refused=_NO_ECO | _NO_BATTERY_SETTINGS,
        ),
    )
}
