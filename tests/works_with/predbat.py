"""How Predbat steers a battery by its service API.

It looks at its plan every 5 minutes. What charges and what discharges are domains of
their own: in each a service is called once, and again when something of the call is
another. Before it starts one it stops the other.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from typing import Any

from .conftest import Call


class Kind(Enum):
    """What a window is for."""

    CHARGE = auto()
    FREEZE_CHARGE = auto()
    EXPORT = auto()
    FREEZE_EXPORT = auto()


@dataclass(frozen=True)
class Window:
    """A window of a plan.

    Attributes:
        start: When it begins.
        end: When it is over.
        kind: What it is for.
        target: The SOC in % that it is for.
    """

    start: datetime
    end: datetime
    kind: Kind
    target: int = 0


@dataclass
class Predbat:
    """Predbat, with a plan instead of what it plans by.

    Attributes:
        call: What calls Home Assistant.
        services: The services of its configuration, by name.
        soc: What tells it the SOC in %.
        power: What it knows the battery to do, in W.
        device_id: The device of its configuration.
        repeat: What is to be started is called each time, as some have it set.
        plan: The windows.
        made: The actions that it has called, in order.
    """

    call: Call
    services: dict[str, Any]
    soc: Callable[[], float]
    power: int
    device_id: str
    repeat: bool = False
    plan: list[Window] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    _last: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)

    def restart(self) -> None:
        """Forget what was called."""
        self._last.clear()

    async def look(self, now: datetime) -> None:
        """Have done what the plan says of now."""
        window = next((it for it in self.plan if it.start <= now < it.end), None)
        kind = window and window.kind
        soc = round(self.soc())
        if window and kind is Kind.EXPORT and soc > window.target:
            await self._export(window, window.target, soc)
        elif window and kind is Kind.FREEZE_EXPORT:
            await self._export(window, soc, soc)
        elif window and kind is Kind.CHARGE:
            await self._charge(window, window.target, soc)
            await self._stop("discharge", "discharge")
        elif window and kind is Kind.FREEZE_CHARGE:
            await self._charge(window, soc, soc)
            await self._stop("discharge", "discharge")
        else:
            await self._stop("charge", "charge")
            await self._stop("discharge", "discharge")

    async def _charge(self, window: Window, target: int, soc: int) -> None:
        """Charge to a target, freeze at it, or wait until the SOC has come down to it."""
        await self._stop("discharge", "discharge")
        if target == soc:
            await self._start("charge_freeze_service", "charge", window, target)
        elif target < soc:
            await self._stop("charge", "charge")
        else:
            await self._start("charge_start_service", "charge", window, target)

    async def _export(self, window: Window, target: int, soc: int) -> None:
        """Discharge to a target, or freeze at it."""
        await self._stop("charge", "charge")
        service = "freeze" if target == soc else "start"
        await self._start(f"discharge_{service}_service", "discharge", window, target)

    async def _start(
        self, service: str, domain: str, window: Window, target: int
    ) -> None:
        """Start something of a domain."""
        await self._serve(
            service,
            domain,
            {
                "device_id": self.device_id,
                "target_soc": str(target),
                "power": str(self.power),
                f"{domain}_end_time": f"{window.end:%H:%M:%S}",
            },
        )

    async def _stop(self, service: str, domain: str) -> None:
        """Stop what a domain does."""
        await self._serve(
            f"{service}_stop_service", domain, {"device_id": self.device_id}
        )

    async def _serve(self, service: str, domain: str, data: dict[str, str]) -> None:
        """Call a service, unless it was called last in its domain with the same."""
        repeats = self.repeat and "stop" not in service
        if self._last.get(domain) == (service, data) and not repeats:
            return
        self._last[domain] = (service, data)
        for template in self.services[service]:
            filled = {
                key: text.format(**data)
                for key, text in template.items()
                if key != "service"
            }
            self.made.append(service.removesuffix("_service"))
            await self.call(template["service"], **filled)
