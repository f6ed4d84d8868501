"""The past of the houses, as the ledgers know it, for whoever wants to show what was before."""

from dataclasses import dataclass

from .house import House
from .jsontypes import Json, JsonObject
from .ledger import Stand
from .unit import Unit

_PLACES = 6


@dataclass(frozen=True, kw_only=True)
class Witness:
    """What a device, or a whole house, has seen of the units in a house, and of its meter.

    `at_ac` is for those that count batteries and panels behind the inverters.
    One unit alone tells the load that it believes in, several that of the house.
    """

    house: House
    units: tuple[Unit, ...] = ()
    at_ac: bool = False

    def as_json(self) -> list[Json]:
        """Return counters in kWh and SOC in percent at every half hour, and at last as they are now."""
        return [self._row(stand) for stand in (*self.house.marks, self.house.stand())]

    def _row(self, stand: Stand) -> JsonObject:
        """Return one moment."""
        indexes = [self.house.units.index(unit) for unit in self.units]
        seen = [stand.units[index] for index in indexes]
        energies = {
            "imported": stand.meter.imported,
            "exported": stand.meter.exported,
            "load": seen[0].load if len(seen) == 1 else stand.meter.load,
            "pv": sum(
                own.generation if self.at_ac and unit.battery is None else own.pv
                for own, unit in zip(seen, self.units, strict=True)
            ),
            "charge": sum(own.absorbed if self.at_ac else own.charge for own in seen),
            "discharge": sum(
                own.generation if self.at_ac else own.discharge
                for own, unit in zip(seen, self.units, strict=True)
                if unit.battery is not None
            ),
        }
        return {
            "at": stand.at.isoformat(),
            **{name: round(value, _PLACES) for name, value in energies.items()},
            "soc": self._soc([stand.socs[index] for index in indexes]),
        }

    def _soc(self, socs: list[float | None]) -> float | None:
        """Return the SOC of all batteries together, or None without any."""
        capacity = stored = 0.0
        for unit, soc in zip(self.units, socs, strict=True):
            if unit.battery is not None and soc is not None:
                capacity += unit.battery.capacity_wh
                stored += unit.battery.capacity_wh * soc / 100
        return round(100 * stored / capacity, _PLACES) if capacity else None
