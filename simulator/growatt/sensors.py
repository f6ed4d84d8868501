"""What hangs on a data logger beside the inverters: smart meters and environment sensors (Growatt notes 1.4)."""

from abc import ABC, abstractmethod
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from math import sqrt
from typing import ClassVar, Final

from ..jsontypes import Json, JsonObject
from ..ledger import Energies
from ..steered import midnight_before
from ..uplink import Uplink
from .fields import filled, noisy
from .times import java_calendar

_KEEP: Final = 8 * 288
_VOLTS: Final = 230.6


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One upload of a sensor: grid in W (+ import), energies in kWh, light 0 to 1."""

    at: datetime
    local: datetime
    grid: float
    light: float
    energies: Energies
    today: Energies

    @property
    def text(self) -> str:
        """Return the plant's own time as it travels."""
        return self.local.strftime("%Y-%m-%d %H:%M:%S")


@dataclass(kw_only=True, eq=False)
class Sensor(Uplink, ABC):
    """A device that has an address behind its data logger instead of a serial number."""

    vendor = "growatt"

    address: str
    logger_serial: str
    device_name: str
    device_type: str
    samples: deque[Sample] = field(default_factory=lambda: deque(maxlen=_KEEP))
    list_key: ClassVar[str]

    def measure(self) -> None:
        """Keep a sample of this moment."""
        house = self.house
        unit = house.units[0]
        energies = house.energies(unit)
        midnight = house.energies_at(unit, midnight_before(house.at, house))
        self.samples.append(
            Sample(
                at=house.at,
                local=house.at.astimezone(house.time_zone),
                grid=house.grid_w,
                light=house.light(),
                energies=energies,
                today=energies.since(midnight),
            )
        )

    def row(self) -> JsonObject:
        """Return the device as lists show it: `lost` is text here."""
        return {
            "device_name": self.device_name,
            "address": self.address,
            "raillog": "0",
            "lost": "0" if self.reachable else "1",
            "device_type": self.device_type,
            "datalog_sn": self.logger_serial,
            "lastUpdateTime": self.samples[-1].text if self.samples else "",
        }

    @abstractmethod
    def wire(self, sample: Sample) -> JsonObject:
        """Return a sample as it travels."""


@dataclass(kw_only=True, eq=False)
class SmartMeter(Sensor):
    """The meter at the grid connection; which fields it fills depends on its make."""

    list_key = "meters"

    @property
    def chinese(self) -> bool:
        """Return whether it is a CHNT, which has names of its own for phases."""
        return self.device_name.startswith("CHNT")

    def wire(self, sample: Sample) -> JsonObject:
        """Return a record: power is + import, forward is what comes from the grid."""
        phases = 3 if "THREE" in self.device_name else 1
        share = sample.grid / phases
        known: dict[str, Json] = {
            "addr": int(self.address),
            "dataLogSn": self.logger_serial,
            "calendar": java_calendar(sample.at),
            "timeText": sample.text,
            "lost": not self.reachable,
            "activePower": noisy(sample.grid),
            "posiActivePower": noisy(max(0.0, sample.grid)),
            "reverActivePower": noisy(max(0.0, -sample.grid)),
            "reactivePower": noisy(-0.2 * abs(sample.grid)),
            "apparentPower": noisy(abs(sample.grid) * sqrt(1.04)),
            "powerFactor": 0.98,
            "frequency": 50.0,
            "activeEnergy": round(sample.energies.imported, 1),
            "positiveActiveTodayEnergy": noisy(sample.today.imported),
            "positiveActiveTotalEnergy": round(sample.energies.imported, 1),
            "reverseActiveTodayEnergy": noisy(sample.today.exported),
            "reverseActiveTotalEnergy": round(sample.energies.exported, 1),
            "reverseActiveEnergy": round(sample.energies.exported, 1),
        }
        for index, letter in zip(range(1, phases + 1), "abc", strict=False):
            volts, amps = noisy(_VOLTS), noisy(abs(share) / _VOLTS)
            if self.chinese:
                known |= {f"voltageU{letter}": volts, f"currentI{letter}": amps}
            else:
                known |= {f"voltageL{index}": volts, f"currentL{index}": amps}
            known[f"activePowerL{index}"] = noisy(share)
        return filled("meter_last", known)


@dataclass(kw_only=True, eq=False)
class Weather(Sensor):
    """An environment sensor on the roof."""

    list_key = "envs"

    def wire(self, sample: Sample) -> JsonObject:
        """Return a record: °C, %, W/m²."""
        return filled(
            "env_last",
            {
                "addr": int(self.address),
                "dataLogSn": self.logger_serial,
                "calendar": java_calendar(sample.at),
                "timeText": sample.text,
                "envTemp": noisy(12 + 11 * sample.light),
                "envHumidity": noisy(72 - 30 * sample.light),
                "panelTemp": noisy(12 + 34 * sample.light),
                "radiant": round(1000 * sample.light),
                "windAngle": 225,
                "windSpeed": noisy(2.4),
                "airPressure": 1013,
            },
        )


# Model: class, name and type number (Growatt notes 1.3; 134 was seen on a real meter).
SENSORS: Final[dict[str, tuple[type[Sensor], str, str]]] = {
    "METER": (SmartMeter, "SDM_THREE", "134"),
    "METER-SDM1": (SmartMeter, "SDM_ONE", "66"),
    "METER-CHNT": (SmartMeter, "CHNT_THREE", "71"),
    "METER-64": (SmartMeter, "AMMETER", "64"),
    "ENV": (Weather, "ENV_DEVICE", "48"),
}
