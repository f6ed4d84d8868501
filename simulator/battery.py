"""A battery: what it holds, what it takes and gives, what it loses."""

from dataclasses import dataclass

_TAPER_FROM = 90.0
_TAPER_REST = 0.1


@dataclass(kw_only=True)
class Battery:
    """A battery seen at its DC terminals. Power in W, SOC in percent."""

    capacity_wh: float
    soc: float = 50.0
    max_charge_w: float
    max_discharge_w: float
    charge_efficiency: float = 0.975
    discharge_efficiency: float = 0.975
    nominal_volts: float = 400.0

    @property
    def stored_wh(self) -> float:
        """Return the energy in the cells."""
        return self.capacity_wh * self.soc / 100

    @property
    def volts(self) -> float:
        """Return the terminal voltage, which rises a little with the SOC."""
        return self.nominal_volts * (0.94 + 0.1 * self.soc / 100)

    def acceptance(self, seconds: float, ceiling: float) -> float:
        """Return the W that it takes for so long without passing the ceiling in percent."""
        room = self.capacity_wh * max(0.0, ceiling - self.soc) / 100
        taper = 1.0
        if self.soc > _TAPER_FROM:
            full = (self.soc - _TAPER_FROM) / (100 - _TAPER_FROM)
            taper = 1 - (1 - _TAPER_REST) * min(1.0, full)
        return min(
            self.max_charge_w * taper, room / self.charge_efficiency * 3600 / seconds
        )

    def supply(self, seconds: float, floor: float) -> float:
        """Return the W that it gives for so long without falling below the floor in percent."""
        spare = self.capacity_wh * max(0.0, self.soc - floor) / 100
        return min(
            self.max_discharge_w, spare * self.discharge_efficiency * 3600 / seconds
        )

    def run(self, watts: float, seconds: float) -> None:
        """Discharge (positive W) or charge (negative W) for so many seconds."""
        energy = watts * seconds / 3600
        change = (
            energy / self.discharge_efficiency
            if energy > 0
            else energy * self.charge_efficiency
        )
        self.soc = min(100.0, max(0.0, self.soc - change / self.capacity_wh * 100))
