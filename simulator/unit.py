"""One inverter with its panels and its battery."""

from dataclasses import dataclass, field

from .battery import Battery
from .ledger import UnitLedger
from .orders import Mode, Orders

_NO_BATTERY = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Flow:
    """Power in W: panels, battery terminals (+ discharge) and AC side (+ out of the inverter)."""

    pv: float = 0.0
    battery: float = 0.0
    generation: float = 0.0


@dataclass(kw_only=True, eq=False)
class Unit:
    """The hardware of one inverter. Power in W."""

    rated_w: float
    pv_peak_w: float
    battery: Battery | None = None
    efficiency: float = 0.97
    pv_override_w: float | None = None
    flow: Flow = field(default_factory=Flow)
    ledger: UnitLedger = field(default_factory=UnitLedger)

    def to_ac(self, dc: float) -> float:
        """Return the AC power that a DC power becomes, with losses in either direction."""
        return dc * self.efficiency if dc > 0 else dc / self.efficiency

    def to_dc(self, ac: float) -> float:
        """Return the DC power that an AC power takes, with losses in either direction."""
        return ac / self.efficiency if ac > 0 else ac * self.efficiency

    def available(self, light: float) -> float:
        """Return the W that the panels could give under so much light (0 to 1)."""
        return (
            self.pv_peak_w * light if self.pv_override_w is None else self.pv_override_w
        )

    def solve(
        self, orders: Orders, *, light: float, load: float, seconds: float
    ) -> Flow:
        """Return what flows for the next seconds while the house still needs `load` W of AC.

        A negative load is what other inverters already send towards the grid.
        """
        if orders.mode is Mode.OFF:
            return Flow()
        pv = min(self.available(light), orders.pv_limit)
        battery = self._battery_power(orders, pv=pv, load=load, seconds=seconds)
        return self._limit(orders, pv=pv, battery=battery, load=load)

    def _battery_power(
        self, orders: Orders, *, pv: float, load: float, seconds: float
    ) -> float:
        """Return the battery power in W that the orders ask for and the battery can do."""
        if (battery := self.battery) is None:
            return _NO_BATTERY
        charge = min(battery.acceptance(seconds, orders.ceiling), orders.charge_limit)
        wanted = orders.power if orders.mode is Mode.OUTPUT else load
        need = self.to_dc(wanted) - pv
        if orders.mode is Mode.BACKUP:
            return -min(pv, charge)
        if orders.mode is Mode.FORCE_CHARGE:
            target = min(orders.target, orders.ceiling)
            charge = min(
                battery.acceptance(seconds, target), orders.charge_limit, orders.power
            )
            headroom = pv - self.to_dc(load - orders.import_limit)
            return -min(charge, max(0.0, headroom))
        if orders.mode is Mode.FORCE_DISCHARGE:
            floor = max(orders.floor, orders.target)
            return min(
                battery.supply(seconds, floor), orders.discharge_limit, orders.power
            )
        if orders.mode is Mode.FEED_IN_FIRST and need < 0:
            exported = min(
                load + orders.export_limit, self.rated_w, orders.output_limit
            )
            return -min(charge, max(0.0, pv - self.to_dc(max(0.0, exported))))
        if need < 0:
            return -min(charge, -need)
        floor = orders.floor
        if orders.mode is Mode.PEAK_SHAVING:
            if battery.soc > max(floor, orders.peak_soc):
                floor = max(floor, orders.peak_soc)
            else:
                need = max(0.0, self.to_dc(load - orders.import_limit) - pv)
        return min(need, battery.supply(seconds, floor), orders.discharge_limit)

    def _limit(self, orders: Orders, *, pv: float, battery: float, load: float) -> Flow:
        """Return the flow within the inverter's rating and the permitted export."""
        most = max(
            0.0, min(self.rated_w, orders.output_limit, load + orders.export_limit)
        )
        if (excess := pv + battery - self.to_dc(most)) > 0:
            held_back = min(excess, max(0.0, battery))
            battery -= held_back
            pv = max(0.0, pv - (excess - held_back))
        if (missing := self.to_dc(-self.rated_w) - (pv + battery)) > 0:
            battery = min(0.0, battery + missing)
        return Flow(pv=pv, battery=battery, generation=self.to_ac(pv + battery))

    def run(self, flow: Flow, seconds: float) -> None:
        """Let a flow run for so many seconds."""
        if self.battery is not None:
            self.battery.run(flow.battery, seconds)
        self.flow = flow
        self.ledger.add(flow.pv, flow.battery, flow.generation, seconds)
