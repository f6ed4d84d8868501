"""What a person may set on a Fox ESS EMS (Fox ESS notes, 1.12).

Demand response, ripple control, parallel control and serial ports belong to
grid operators and installers; they are left to the calls for administrators.
"""

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import ClassVar, Final, Self

from ...battery.export import EXPORT_LIMIT, PEAK_SHAVING_EXPORT_LIMIT
from ...battery.fields import number
from .named import NamedSettings
from .parameters import PEAK_SOC

POWER_LIMITS: Final = "power_limits"
IMPORT_LIMIT: Final = "import_limit"
OUTPUT_LIMIT: Final = "output_limit"
GENERATOR: Final = "generator"
GENERATOR_START: Final = "generator_start_soc"
GENERATOR_STOP: Final = "generator_stop_soc"
GENERATOR_POWER: Final = "generator_charge_power"


@dataclass(frozen=True, kw_only=True)
class EmsSettings(NamedSettings):
    """One group of an EMS's settings; all of its values are texts.

    Attributes:
        endpoint: What the calls that read and write it have in common.
    """

    endpoint: ClassVar[str]


@dataclass(frozen=True, kw_only=True)
class PowerLimits(EmsSettings):
    """What all inverters of an EMS together may do, in W."""

    endpoint = "ems_power_limit"
    names = (
        "powerLimitEnable",
        "gridExportLimit",
        "gridImportLimit",
        "gridExportLimitForPeakShaving",
        "batterySocLimitForPeakShaving",
        "acOutputExportLimit",
    )
    switches = MappingProxyType({POWER_LIMITS: "powerLimitEnable"})
    numbers = MappingProxyType(
        {
            EXPORT_LIMIT: "gridExportLimit",
            IMPORT_LIMIT: "gridImportLimit",
            PEAK_SHAVING_EXPORT_LIMIT: "gridExportLimitForPeakShaving",
            PEAK_SOC: "batterySocLimitForPeakShaving",
            OUTPUT_LIMIT: "acOutputExportLimit",
        }
    )

    def within(self, permitted: float) -> Self:
        """Return the limits with no more export than is permitted, in W."""
        settings = dict(self.settings)
        for key in (EXPORT_LIMIT, PEAK_SHAVING_EXPORT_LIMIT):
            name = self.numbers[key]
            if (number(settings[name].value) or 0) > permitted:
                settings[name] = replace(settings[name], value=f"{permitted:.10g}")
        return replace(self, settings=settings)


@dataclass(frozen=True, kw_only=True)
class Generator(EmsSettings):
    """When a generator runs, by SOC in %, and with how much of it is charged, in W."""

    endpoint = "ems_generator"
    names = (
        "genEnable",
        "startSoc",
        "stopSoc",
        "genCharge",
        "judgeTime",
        "minimumResetTime",
        "meterCompensation",
    )
    optional = frozenset({"meterCompensation"})
    switches = MappingProxyType({GENERATOR: "genEnable"})
    numbers = MappingProxyType(
        {
            GENERATOR_START: "startSoc",
            GENERATOR_STOP: "stopSoc",
            GENERATOR_POWER: "genCharge",
        }
    )
