"""Heat pumps: registered, approved, then controlled (Fox ESS notes 1.12).

The fields of the controls are not known; the shape here is that of the vendor's
other named settings, with as few names as each group needs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from ..jsontypes import JsonObject
from .call import Call
from .errors import BAD_BODY, NO_PERMISSION, ApiError
from .named import SWITCH, Table, first_values, named_json, ranged, read_named
from .paging import page
from .registers import Register
from .uplink import Uplink

APPROVED: Final = "approved"
_PENDING: Final = "pending"
_REVOKED: Final = "revoked"
_STATUSES: Final = (_PENDING, APPROVED, _REVOKED)

CONTROLS: Final[Mapping[str, Table]] = {
    "generic": {
        "power": Register(default="enable", options=SWITCH),
        "mode": Register(default="heating", options=("heating", "cooling", "auto")),
    },
    "heating": {"targetTemperature": ranged("35", "℃", 60, low=20)},
    "heatingCircuits": {
        "circuit1FlowTemperature": ranged("35", "℃", 60, low=20),
        "circuit2FlowTemperature": ranged("30", "℃", 60, low=20),
    },
    "dhw": {
        "dhwEnable": Register(default="enable", options=SWITCH),
        "dhwTemperature": ranged("48", "℃", 65, low=30),
    },
}


@dataclass(kw_only=True, eq=False)
class HeatPump(Uplink):
    """A heat pump's outdoor unit."""

    module_serial: str
    register_status: str = APPROVED
    controls: dict[str, dict[str, str]] = field(
        default_factory=lambda: {
            group: first_values(table) for group, table in CONTROLS.items()
        }
    )


def heat_register(call: Call) -> JsonObject:
    """Answer heat/register: what was revoked is pending again."""
    pump = call.part(HeatPump, call.fields("sn").text("sn"))[1]

    def apply() -> None:
        if pump.register_status == _REVOKED:
            pump.register_status = _PENDING

    return call.write(pump, apply)


def heat_list(call: Call) -> JsonObject:
    """Answer register/heat/list: the unit of that serial number, or with an empty one all."""
    serial = call.fields("currentPage", "pageSize", "sn").raw("sn")
    if not isinstance(serial, str):
        raise ApiError(BAD_BODY)
    return page(
        call,
        [
            {
                "heatSN": pump.serial,
                "moduleSN": pump.module_serial,
                "registerStatus": pump.register_status,
                "runningStatus": 1 if pump.reachable else 3,
                "masterVersion": "1.02",
                "deviceType": "HP-12",
            }
            for _, pump in call.parts(HeatPump)
            if serial in {"", pump.serial}
        ],
        "sn",
    )


def heat_status(call: Call) -> JsonObject:
    """Answer heat/register/status/change."""
    fields = call.fields("sn", "status")
    pump = call.part(HeatPump, fields.text("sn"))[1]
    status = fields.choice("status", _STATUSES)
    return call.write(pump, lambda: setattr(pump, "register_status", status))


def controls_get(group: str) -> Callable[[Call], JsonObject]:
    """Return the endpoint that reads a group of controls."""

    def answer(call: Call) -> JsonObject:
        pump = _approved(call, call.fields("sn").text("sn"))
        return named_json(CONTROLS[group], pump.controls[group])

    return answer


def controls_set(group: str) -> Callable[[Call], JsonObject]:
    """Return the endpoint that sets some of a group of controls."""
    table = CONTROLS[group]

    def answer(call: Call) -> JsonObject:
        fields = call.fields("sn", optional=tuple(table))
        pump = _approved(call, fields.text("sn"), write=True)
        names = [name for name in table if fields.has(name)]
        if not names:
            raise ApiError(BAD_BODY)
        values = read_named(fields, table, names)
        return call.write(pump, lambda: pump.controls[group].update(values))

    return answer


def _approved(call: Call, serial: str, *, write: bool = False) -> HeatPump:
    """Return a heat pump that the account may control."""
    pump = call.reach_part(HeatPump, serial, write=write)
    if pump.register_status != APPROVED:
        raise ApiError(NO_PERMISSION)
    return pump
