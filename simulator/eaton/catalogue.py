"""The units that can be simulated: ratings, how the sun gets in, and which meters are wired."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from .operations import BASIC, MAXIMIZE, Operation

NO_METER: Final = "None"
_ONE_PHASE: Final = "Eastron SDM 120CT-Modbus"
_THREE_PHASES: Final = "Sfere DTS1946-DS"


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One installation. Power in W, capacity in kWh.

    `foreign_pv_w` is an AC-coupled plant with an inverter of its own.
    `reads_high` is by how much the inverter overstates what it measures itself.
    `energy_saving` is None where the firmware is too old to have it.
    """

    key: str
    model_name: str
    rated_w: int
    capacity_kwh: float
    pv_peak_w: float = 0.0
    foreign_pv_w: float = 0.0
    meters: tuple[str, str] = (NO_METER, NO_METER)
    single_phase: bool = True
    critical_share: float = 0.3
    reads_high: float = 1.15
    energy_saving: bool | None = False
    counts_injection: bool = False
    backup_level: int = 0
    tida_version: str = ""
    grid_code: str = "VDE_4105_2018"
    default_mode: Operation = field(default_factory=lambda: Operation(command=BASIC))

    @property
    def has_pv(self) -> bool:
        """Return whether panels are wired to the unit itself."""
        return self.pv_peak_w > 0

    @property
    def sees_house(self) -> bool:
        """Return whether meter 1, at the grid, is there."""
        return self.meters[0] != NO_METER

    @property
    def sees_foreign_pv(self) -> bool:
        """Return whether meter 2, at the AC-coupled plant, is there."""
        return self.meters[1] != NO_METER


PROFILES: Final[Mapping[str, Profile]] = {
    profile.key: profile
    for profile in (
        Profile(
            key="AC",
            model_name="XSTH1P046P048V01",
            rated_w=4600,
            capacity_kwh=10.08,
            foreign_pv_w=5000,
            meters=(_ONE_PHASE, _ONE_PHASE),
            reads_high=1.18,
            backup_level=10,
            default_mode=Operation(command=MAXIMIZE),
        ),
        Profile(
            key="HYBRID",
            model_name="XSTH1P060P048V01",
            rated_w=6000,
            capacity_kwh=10.08,
            pv_peak_w=6200,
            meters=(_ONE_PHASE, NO_METER),
            reads_high=1.12,
            counts_injection=True,
            backup_level=20,
            tida_version="1.1",
            default_mode=Operation(command=MAXIMIZE),
        ),
        Profile(
            key="NO-PV",
            model_name="XSTH1P036P048V01",
            rated_w=3600,
            capacity_kwh=6.0,
            meters=(_ONE_PHASE, NO_METER),
            reads_high=1.25,
            energy_saving=True,
            grid_code="UK_G98",
        ),
        Profile(
            key="AC-3P",
            model_name="XSTH1P046P048V01",
            rated_w=4600,
            capacity_kwh=6.0,
            foreign_pv_w=8000,
            meters=(_THREE_PHASES, _THREE_PHASES),
            single_phase=False,
            default_mode=Operation(command=MAXIMIZE),
        ),
        Profile(
            key="AC-1M",
            model_name="XSTH1P036P048V01",
            rated_w=3600,
            capacity_kwh=4.2,
            foreign_pv_w=4000,
            meters=(_ONE_PHASE, NO_METER),
            default_mode=Operation(command=MAXIMIZE),
        ),
        Profile(
            key="BARE",
            model_name="XSTH1P036P048V01",
            rated_w=3600,
            capacity_kwh=4.2,
            critical_share=0.0,
            reads_high=1.3,
            energy_saving=None,
            grid_code="UK_G98",
        ),
    )
}
