"""The products that can be simulated."""

from dataclasses import dataclass
from typing import Final

# So that a round trip loses what the documents' sample loses: 0.918 at DC, 0.714 at AC.
_DC_EFFICIENCY: Final = 0.918**0.5
_AC_EFFICIENCY: Final = (0.714 / 0.918) ** 0.5


@dataclass(frozen=True, kw_only=True)
class Profile:
    """A product. Energy in Wh, power in W; `lab` units are not installed, and have no panels beside them."""

    key: str
    capacity_wh: float = 6200
    power_w: float = 1500
    house_pv_w: float = 5200
    dc_efficiency: float = _DC_EFFICIENCY
    ac_efficiency: float = _AC_EFFICIENCY
    nominal_volts: float = 26.5
    lab: bool = False


PROFILES: Final = {
    profile.key: profile
    for profile in (
        Profile(key="SMART"),
        Profile(key="SMART-LAB", house_pv_w=0, lab=True),
    )
}
