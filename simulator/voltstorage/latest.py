"""The latest values of a product, and what stream and latest data call them."""

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from ..jsontypes import Json
from .call import Call
from .product import DC_VOLTAGE, GRID, HOUSEHOLD, INVERTER, PV, SOC, STATUS

# `pvPower` and `dcVoltage` are the documents'; the others are a user's or made after them.
WORDS: Final = {
    GRID: "gridPower",
    HOUSEHOLD: "householdConsumption",
    INVERTER: "inverterPower",
    PV: "pvPower",
    SOC: "stateOfCharge",
    STATUS: "status",
    DC_VOLTAGE: "dcVoltage",
}


def latest_data(call: Call) -> web.Response:
    """Answer with the values of now, and with their time if that is asked for."""
    with_time = call.query.flag("includeTime")
    product = call.product()
    data = {**spoken(product.values, call.cloud.words), **product.extra_data}
    if with_time is None:
        with_time = call.cloud.includes_time
    if not with_time:
        return web.json_response(data)
    time = int(product.records[-1].at.timestamp()) if product.records else None
    return web.json_response({"time": time, "data": data})


def spoken(values: Mapping[str, float], words: Mapping[str, str]) -> dict[str, Json]:
    """Return values by the names that stream and latest data have for them."""
    return {words[name]: value for name, value in values.items() if name in words}
