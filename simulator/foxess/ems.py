"""An EMS: the master of several inverters in one house (Fox ESS notes 1.12)."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import inf
from typing import Final

from .device import Inverter
from .ems_settings import GROUPS, Rate, SystemSettings
from .named import first_values
from .superior import HouseLimits
from .uplink import Uplink

_KEEP_RECORDS: Final = 4 * 288
# Name and unit. Only the first two are documented; the others follow their pattern.
EMS_VARIABLES: Final[Mapping[str, tuple[str, str]]] = {
    "totalFeedinPower": ("Total feed-in power", "kW"),
    "totalLoadsPower": ("Total load power", "kW"),
    "totalGridConsumptionPower": ("Total grid consumption power", "kW"),
    "totalPVPower": ("Total PV power", "kW"),
    "totalInvBatPower": ("Total battery power", "kW"),
    "SoC": ("SoC", "%"),
}


@dataclass(frozen=True, kw_only=True)
class EmsRecord:
    """One upload: values by variable, in kW and percent."""

    at: datetime
    values: Mapping[str, float]

    @property
    def time(self) -> str:
        """Return when it was, in UTC, as the server sends it."""
        return self.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S %Z%z")


@dataclass(kw_only=True, eq=False)
class Ems(Uplink):
    """An EMS with its settings: named groups of strings, a typed system, and ports."""

    ems_id: str
    product_type: str = "EMS"
    inverters: tuple[Inverter, ...] = ()
    settings: dict[str, dict[str, str]] = field(
        default_factory=lambda: {
            group: first_values(table) for group, table in GROUPS.items()
        }
    )
    system: SystemSettings = field(default_factory=SystemSettings)
    rates: dict[int, Rate] = field(
        default_factory=lambda: {port: Rate() for port in (1, 2, 3)}
    )
    records: deque[EmsRecord] = field(
        default_factory=lambda: deque(maxlen=_KEEP_RECORDS)
    )

    @property
    def status(self) -> str:
        """Return the cloud's view, which is a string and the other way round: 0 online, 1 offline."""
        return "0" if self.reachable else "1"

    def limits(self) -> HouseLimits:
        """Return what the settings impose on the inverters."""
        named = self.settings["powerLimit"]
        export = import_ = output = inf
        if named["powerLimitEnable"] == "enable":
            export = float(named["gridExportLimit"])
            import_ = float(named["gridImportLimit"])
            output = float(named["acOutputExportLimit"])
        if self.system.limited:
            export = min(export, self.system.export_w, self.system.feedin_w)
            import_ = min(import_, self.system.import_w)
        return HouseLimits(
            export_limit=export,
            import_limit=import_,
            output_limit=output / max(1, len(self.inverters)),
        )

    def measure(self) -> None:
        """Keep a record of the whole house."""
        flows = [inverter.unit.flow for inverter in self.inverters]
        cells = [unit.battery for unit in self.house.units if unit.battery is not None]
        capacity = sum(battery.capacity_wh for battery in cells)
        stored = sum(battery.stored_wh for battery in cells)
        grid = self.house.grid_w
        values = {
            "totalFeedinPower": max(0.0, -grid) / 1000,
            "totalLoadsPower": self.house.load_w / 1000,
            "totalGridConsumptionPower": max(0.0, grid) / 1000,
            "totalPVPower": sum(flow.pv for flow in flows) / 1000,
            "totalInvBatPower": sum(flow.battery for flow in flows) / 1000,
            "SoC": stored / capacity * 100 if capacity else 0.0,
        }
        self.records.append(
            EmsRecord(
                at=self.house.at,
                values={name: round(value, 3) for name, value in values.items()},
            )
        )
