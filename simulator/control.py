"""The control server: look into the houses, move time, switch faults."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Protocol, runtime_checkable

from aiohttp import web
from aiohttp.typedefs import Handler

from .calls import LoggedCall
from .clock import Clock
from .faults import Fault, Switchboard
from .jsontypes import Json, JsonObject
from .past import Witness
from .server import LocalServer
from .steered import Steered

_HOUSE_FIELDS = frozenset(
    {"serial", "soc", "load", "pv", "temperature", "faults", "clock"}
)
_MAX_CLOCK_OFFSET_S = 10 * 365 * 86400


class BadRequestError(Exception):
    """A request that control does not understand, said in words."""


class VendorServer(Protocol):
    """What the control server needs of a vendor's server."""

    name: str

    @property
    def calls(self) -> Sequence[LoggedCall]:
        """Return what arrived, the oldest first."""

    @property
    def inverters(self) -> Sequence[Steered]:
        """Return all devices, brought up to date."""

    def settle(self) -> None:
        """Let every house catch up with house time."""

    def state(self) -> JsonObject:
        """Return all that the devices hold."""

    def witnesses(self) -> Mapping[str, Witness]:
        """Return what devices and houses have seen, by serial number or id."""


@runtime_checkable
class Handled(VendorServer, Protocol):
    """A vendor whose devices a person can handle in other ways than through the API."""

    def handle(self, serial: str, order: str, value: Json) -> Json:
        """Do what is asked with a device, and return what comes of it."""


class ControlServer(LocalServer):
    """Control over HTTP, on a port of its own."""

    def __init__(
        self,
        vendors: Sequence[VendorServer],
        *,
        clock: Clock,
        switchboard: Switchboard,
        port: int = 0,
    ) -> None:
        """Control these vendors' servers."""
        self._vendors = {vendor.name: vendor for vendor in vendors}
        self._clock = clock
        self._faults = switchboard
        app = web.Application(middlewares=[_explain])
        app.add_routes(
            [
                web.get("/state", self._state),
                web.get("/calls", self._calls),
                web.get("/past", self._past),
                web.get("/faults", self._list_faults),
                web.post("/faults", self._add_fault),
                web.delete("/faults", self._clear_faults),
                web.post("/time", self._time),
                web.post("/house", self._house),
                web.post("/order", self._order),
            ]
        )
        super().__init__(app, port=port)

    async def _state(self, _: web.Request) -> web.Response:
        """Answer with everything that is simulated."""
        return web.json_response(
            {
                "now": self._clock.now().isoformat(),
                "house_now": self._clock.house_now().isoformat(),
                "speed": self._clock.speed,
                **{name: vendor.state() for name, vendor in self._vendors.items()},
            }
        )

    async def _calls(self, request: web.Request) -> web.Response:
        """Answer with the request log of one vendor."""
        calls = self._vendor(request).calls
        return web.json_response([call.as_json() for call in calls])

    async def _past(self, request: web.Request) -> web.Response:
        """Answer with the counters of one vendor's devices since the houses stand."""
        vendor = self._vendor(request)
        vendor.settle()
        return web.json_response(
            {key: seen.as_json() for key, seen in vendor.witnesses().items()}
        )

    async def _list_faults(self, _: web.Request) -> web.Response:
        """Answer with the active faults."""
        return web.json_response([vars(fault) for fault in self._faults])

    async def _add_fault(self, request: web.Request) -> web.Response:
        """Switch a fault on."""
        body = await _object(request)
        if unknown := body.keys() - {"vendor", "kind", "path", "count", "value"}:
            raise BadRequestError(f"unknown fields: {', '.join(sorted(unknown))}")
        vendor, kind, path = (
            _text(body, key, default)
            for key, default in (("vendor", ""), ("kind", ""), ("path", "*"))
        )
        if vendor not in self._vendors:
            raise BadRequestError(f"vendor must be one of {', '.join(self._vendors)}")
        value, count = body.get("value"), body.get("count")
        if value is not None and not isinstance(value, str | int | float):
            raise BadRequestError("value must be a string or a number")
        if count is not None and not isinstance(count, int):
            raise BadRequestError("count must be a whole number")
        fault = Fault(vendor=vendor, kind=kind, path=path, count=count, value=value)
        self._faults.add(fault)
        return web.json_response(vars(fault))

    async def _clear_faults(self, _: web.Request) -> web.Response:
        """Switch all faults off."""
        self._faults.clear()
        return web.json_response([])

    async def _time(self, request: web.Request) -> web.Response:
        """Move both clocks forward."""
        seconds = _number(await _object(request), "advance")
        if seconds is None:
            raise BadRequestError("advance is missing")
        self._clock.advance(seconds)
        return web.json_response(
            {
                "now": self._clock.now().isoformat(),
                "house_now": self._clock.house_now().isoformat(),
            }
        )

    async def _house(self, request: web.Request) -> web.Response:
        """Set SOC in percent, load and PV in W (null: simulated again), the cells' °C, fault codes, and how many s the clock is ahead."""
        body = await _object(request)
        if unknown := body.keys() - _HOUSE_FIELDS:
            raise BadRequestError(f"unknown fields: {', '.join(sorted(unknown))}")
        inverter = self._inverter(_text(body, "serial", ""))
        soc, load, pv = (_number(body, key) for key in ("soc", "load", "pv"))
        battery = inverter.unit.battery
        if soc is not None:
            if battery is None or not 0 <= soc <= 100:
                raise BadRequestError(
                    "soc must be 0 to 100, and the device must have a battery"
                )
            battery.soc = soc
        if "load" in body:
            inverter.house.load_override_w = load
        if "pv" in body:
            inverter.set_pv(pv)
        if "temperature" in body:
            inverter.cell_temperature = _number(body, "temperature", lowest=-50)
        if "faults" in body:
            inverter.raise_faults(_texts(body["faults"]))
        if (ahead := _number(body, "clock", lowest=-_MAX_CLOCK_OFFSET_S)) is not None:
            inverter.clock_offset = timedelta(seconds=min(ahead, _MAX_CLOCK_OFFSET_S))
        return web.json_response({"serial": inverter.serial, "soc": inverter.soc})

    async def _order(self, request: web.Request) -> web.Response:
        """Handle a device of a vendor: which orders there are, and their value, is the vendor's."""
        body = await _object(request)
        if unknown := body.keys() - {"vendor", "serial", "order", "value"}:
            raise BadRequestError(f"unknown fields: {', '.join(sorted(unknown))}")
        vendor = self._vendors.get(_text(body, "vendor", ""))
        if not isinstance(vendor, Handled):
            raise BadRequestError("this vendor takes no orders")
        serial, order = (_text(body, key, "") for key in ("serial", "order"))
        result = vendor.handle(serial, order, body.get("value"))
        return web.json_response({"result": result})

    def _vendor(self, request: web.Request) -> VendorServer:
        """Return the vendor that a query names."""
        if (vendor := self._vendors.get(request.query.get("vendor", ""))) is None:
            raise BadRequestError(f"vendor must be one of {', '.join(self._vendors)}")
        return vendor

    def _inverter(self, serial: str) -> Steered:
        """Return a device of any vendor."""
        for vendor in self._vendors.values():
            for inverter in vendor.inverters:
                if inverter.serial == serial:
                    return inverter
        raise BadRequestError(f"there is no device {serial!r}")


@web.middleware
async def _explain(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer a bad request with the reason."""
    try:
        return await handler(request)
    except (BadRequestError, ValueError) as error:
        return web.json_response({"error": str(error)}, status=400)


async def _object(request: web.Request) -> Mapping[str, Json]:
    """Return a body that is a JSON object."""
    body: Json = await request.json()
    if not isinstance(body, Mapping):
        raise BadRequestError("the body must be a JSON object")
    return body


def _text(body: Mapping[str, Json], key: str, default: str) -> str:
    """Return a string."""
    if not isinstance(value := body.get(key, default), str):
        raise BadRequestError(f"{key} must be a string")
    return value


def _texts(value: Json) -> tuple[str, ...]:
    """Return a list of strings."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise BadRequestError("faults must be a list of strings")
    return tuple(str(item) for item in value)


def _number(body: Mapping[str, Json], key: str, *, lowest: float = 0) -> float | None:
    """Return a number that is not too low, or None."""
    value = body.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or value < lowest:
        raise BadRequestError(f"{key} must be a number of at least {lowest}")
    return value
