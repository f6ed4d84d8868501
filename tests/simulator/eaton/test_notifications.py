"""Notifications: faults come and go, and are read and deleted."""

from typing import Any

import pytest

from .client import Client


@pytest.fixture
async def alarmed(client: Client) -> Client:
    """Return a client of a unit with a fault that is over, and one that is not."""
    client.card.raise_alert("BATTERY_VOLTAGE_LOW")
    client.pass_time(minutes=5)
    client.card.resolve_alert("BATTERY_VOLTAGE_LOW")
    client.pass_time(minutes=5)
    client.card.raise_alert("FAN_LOCK")
    client.card.raise_alert("UNKNOWN_FAULT", "WARNING")
    return client


async def listed(client: Client, query: str = "") -> list[dict[str, Any]]:
    """Return what is listed."""
    rows: list[dict[str, Any]] = (await client.get(f"notifications/{query}"))["results"]
    return rows


async def test_lifecycle(alarmed: Client) -> None:
    """A fault is critical, and what puts an end to it points back; the newest come first."""
    warning, active, over, raised = await listed(alarmed)
    assert [row["level"] for row in (warning, active, over, raised)] == [
        "WARNING",
        "CRITICAL",
        "INFO",
        "CRITICAL",
    ]
    assert over["previousAlertId"] == raised["alertId"]
    assert over["subType"] == raised["subType"] == "BATTERY_VOLTAGE_LOW"
    assert (active["previousAlertId"], active["type"]) == ("", "DEVICES")
    assert over["createdAt"] - raised["createdAt"] == pytest.approx(300_000, abs=3000)


@pytest.mark.parametrize(
    ("query", "total", "rows"),
    [
        ("", 4, 4),
        ("?size=2", 4, 2),
        ("?size=2&offset=3", 4, 1),
        ("?status=NORMAL&size=4&offset=0", 4, 4),
        ("?status=READ&size=4&offset=0", 0, 0),
    ],
)
async def test_pages(alarmed: Client, query: str, total: int, rows: int) -> None:
    """A list is shown page by page, and filtered by status."""
    page = await alarmed.get(f"notifications/{query}")
    assert (page["total"], len(page["results"])) == (total, rows)
    assert page.keys() == {"total", "start", "sort", "order", "size", "results"}


async def test_pages_are_numbers(alarmed: Client) -> None:
    """A page that is no number is refused."""
    assert (await alarmed.call("GET", "notifications/?size=all")).status == 400


async def test_read_all(alarmed: Client) -> None:
    """Reading all clears no fault."""
    assert await alarmed.get("notifications/unread?status=NORMAL") == {"total": 4}
    answer = await alarmed.call("POST", "notifications/read/all")
    assert answer.body == {
        "successful": True,
        "message": "Successfully updated",
        "result": None,
    }
    assert await alarmed.get("notifications/unread") == {"total": 0}
    assert await listed(alarmed, "?status=NORMAL") == []
    rows = await listed(alarmed, "?status=READ&size=100")
    assert {row["status"] for row in rows} == {"READ"}
    assert alarmed.unit.fault_codes == ("FAN_LOCK",)


async def test_read_and_delete_some(alarmed: Client) -> None:
    """Some are read or deleted by a form with their ids."""
    first, second, third, fourth = [row["alertId"] for row in await listed(alarmed)]
    form = {"id": f"{first},{third}"}
    assert (await alarmed.call("POST", "notifications/read", form=form)).result is None
    assert [row["status"] for row in await listed(alarmed)] == [
        "READ",
        "NORMAL",
        "READ",
        "NORMAL",
    ]
    form = {"id": second}
    assert (await alarmed.call("POST", "notifications/delete", form=form)).status == 200
    assert [row["alertId"] for row in await listed(alarmed)] == [first, third, fourth]


@pytest.mark.parametrize("path", ["notifications/read", "notifications/delete"])
async def test_json_is_no_form(alarmed: Client, path: str) -> None:
    """Ids in JSON are not seen."""
    row, *_ = await listed(alarmed)
    assert (await alarmed.call("POST", path, {"id": row["alertId"]})).status == 400
    assert (await listed(alarmed))[0] == row


@pytest.mark.parametrize(
    ("sub_type", "codes"),
    [
        ("BATTERY_VOLTAGE_HIGH", ["OVER_VOLTAGE"]),
        ("BATTERY_OVER_TEMP", ["OVER_TEMPERATURE"]),
        ("BMS_FAULT", ["GENERAL"]),
        ("FAN_LOCK", None),
    ],
)
async def test_battery_codes(
    technician: Client, sub_type: str, codes: list[str] | None
) -> None:
    """Technicians see some faults by the battery's own codes, while they last."""
    technician.card.raise_alert(sub_type)
    assert (await technician.get("technical/status"))["bmsFaultCode"] == codes
    technician.card.resolve_alert(sub_type)
    assert (await technician.get("technical/status"))["bmsFaultCode"] is None


async def test_no_grid(technician: Client) -> None:
    """Without the grid its frequency is 0, and only critical loads are served, below the backup level."""
    technician.battery.soc = 9
    technician.unit.house.load_override_w = 1000
    technician.card.raise_alert("NO_UTILITY")
    technician.pass_time(minutes=2)
    told = await technician.get("technical/status")
    assert (told["gridFrequency"], told["gridVoltage"]) == (0, 0)
    flow = (await technician.status())["energyFlow"]
    assert (flow["gridRole"], flow["gridValue"]) == ("NONE", 0)
    assert flow["nonCriticalLoadValue"] == 0
    assert flow["batteryStatus"] == "BAT_DISCHARGING"
    assert technician.unit.unit.flow.generation == pytest.approx(300, abs=1)
