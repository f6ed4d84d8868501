"""The settings of an EMS: four named groups, a typed system, and serial ports."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ..jsontypes import JsonObject
from .errors import BAD_BODY, ApiError
from .named import SWITCH, Table, ranged
from .registers import Register
from .schema import Fields

_MOST_W: Final = 1_000_000
_CONTROL_MODES: Final = ("totalPowerControl", "maximumSinglePowerControl")
_BAUD_STEP: Final = 1200

GROUPS: Final[Mapping[str, Table]] = {
    "acOutput": {
        "drmEnable": Register(default="disable", options=SWITCH),
        "rippleControl": Register(default="disable", options=SWITCH),
        **{
            f"rippleControlPiecewise{number}": Register(
                default=share, unit="%", precision=0.1, low=0, high=100
            )
            for number, share in enumerate(("0", "30", "60", "100"), 1)
        },
    },
    "gen": {
        "genEnable": Register(default="disable", options=SWITCH),
        "startSoc": ranged("20", "%", 100),
        "stopSoc": ranged("80", "%", 100),
        "genCharge": ranged("5000", "W", _MOST_W),
        "judgeTime": ranged("10", "s", 3600),
        "minimumResetTime": ranged("60", "s", 3600),
        "meterCompensation": ranged("0", "W", 1000, low=-1000),
    },
    "more": {
        "controlMode": Register(
            default="threePhase", options=("singlePhase", "threePhase")
        ),
        "controlCycle": ranged("1000", "ms", 60000, low=100),
        "gridExportControlDelta": ranged("0", "W", 10000, low=-10000),
    },
    "powerLimit": {
        "powerLimitEnable": Register(default="disable", options=("enable", "disable")),
        "gridExportLimit": ranged("30000", "W", _MOST_W),
        "gridImportLimit": ranged("100000", "W", _MOST_W),
        "gridExportLimitForPeakShaving": ranged("30000", "W", _MOST_W),
        "batterySocLimitForPeakShaving": ranged("50", "%", 100, low=10),
        "acOutputExportLimit": ranged("100000", "W", _MOST_W),
    },
}
OPTIONAL: Final = frozenset({"meterCompensation"})


@dataclass(frozen=True, kw_only=True)
class SystemSettings:
    """The system settings: switches, W, ms, s and percent."""

    drm: bool = False
    ripple: bool = False
    cycle_ms: int = 1000
    parallel: bool = True
    control_mode: str = _CONTROL_MODES[0]
    percentage: int = 100
    parallel_cycle_s: float = 1.0
    limited: bool = False
    export_w: int = 30000
    import_w: int = 100000
    feedin_w: int = 30000

    def as_json(self) -> JsonObject:
        """Return the settings as the server sends them."""
        return {
            "general": {
                "drm": self.drm,
                "rippleControl": self.ripple,
                "dataReportingCycle": self.cycle_ms,
            },
            "parallelControl": {
                "enable": self.parallel,
                "controlMode": self.control_mode,
                "controlPercentage": self.percentage,
                "dataReportingCycle": self.parallel_cycle_s,
            },
            "powerLimit": {
                "enable": self.limited,
                "exportPowerLimit": self.export_w,
                "importPowerLimit": self.import_w,
                "feedinPowerLimit": self.feedin_w,
            },
        }


def read_system(fields: Fields) -> SystemSettings:
    """Return the system settings of a request, which must be whole."""
    general = Fields(
        fields.raw("general"), required=("drm", "rippleControl", "dataReportingCycle")
    )
    parallel = Fields(
        fields.raw("parallelControl"),
        required=("enable", "controlMode", "controlPercentage", "dataReportingCycle"),
    )
    power = Fields(
        fields.raw("powerLimit"),
        required=("enable", "exportPowerLimit", "importPowerLimit", "feedinPowerLimit"),
    )
    return SystemSettings(
        drm=general.boolean("drm"),
        ripple=general.boolean("rippleControl"),
        cycle_ms=general.whole("dataReportingCycle", 200, 60000),
        parallel=parallel.boolean("enable"),
        control_mode=parallel.choice("controlMode", _CONTROL_MODES),
        percentage=parallel.whole("controlPercentage", 0, 100),
        parallel_cycle_s=parallel.number("dataReportingCycle", 0.1, 10),
        limited=power.boolean("enable"),
        export_w=power.whole("exportPowerLimit", 0, _MOST_W),
        import_w=power.whole("importPowerLimit", 0, _MOST_W),
        feedin_w=power.whole("feedinPowerLimit", 0, _MOST_W),
    )


@dataclass(frozen=True, kw_only=True)
class Rate:
    """How a serial port speaks."""

    rate: int = 9600
    data_bit: int = 8
    stop_bit: float = 1
    parity_bit: int = 0

    def as_json(self) -> JsonObject:
        """Return the port as the server sends it."""
        return {
            "dataBit": self.data_bit,
            "stopBit": self.stop_bit,
            "parityBit": self.parity_bit,
            "rate": self.rate,
        }


RATE_FIELDS: Final = ("rate", "dataBit", "stopBit", "parityBit")


def read_rate(fields: Fields) -> Rate:
    """Return the port of a request; a rate is a multiple of 1200."""
    rate = fields.whole("rate", 9600, 115200)
    if rate % _BAUD_STEP:
        raise ApiError(BAD_BODY)
    return Rate(
        rate=rate,
        data_bit=fields.whole("dataBit", 5, 8),
        stop_bit=fields.member("stopBit", (1, 1.5, 2)),
        parity_bit=fields.whole("parityBit", 0, 2),
    )
