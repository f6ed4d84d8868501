"""The actions on a battery that can only be read."""

from datetime import timedelta
import json
from pathlib import Path
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.home_battery.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr

from .conftest import MakeStage
from .stage import EXPORT, Stage

TWO_DAYS = {"start": "2026-06-13 00:00:00", "end": "2026-06-15 00:00:00"}


def device_of(hass: HomeAssistant, identity: str = "product_77") -> str:
    """Return the registry's id of a device."""
    (device,) = (
        device
        for device in dr.async_get(hass).devices
        if (DOMAIN, f"voltstorage_{identity}") in device.identifiers
    )
    return device.id


async def act(
    stage: Stage, action: str, identity: str = "product_77", **data: Any
) -> Any:
    """Call an action for a device, and return what it answers about it."""
    device = device_of(stage.hass, identity)
    response = await stage.hass.services.async_call(
        DOMAIN,
        action,
        {"device_id": [device], **data},
        blocking=True,
        return_response=True,
    )
    assert response is not None
    answer = response[device]
    assert isinstance(answer, dict)
    return answer


def names(directory: Path) -> list[str]:
    """Return what is in a directory."""
    return [file.name for file in directory.iterdir()]


@pytest.fixture
async def begun(make_stage: MakeStage) -> Stage:
    """Return a house whose account is set up, with two days behind it."""
    stage = await make_stage(history_days=2)
    await stage.begin()
    return stage


@pytest.mark.parametrize(
    ("action", "data"),
    [
        (
            "set_schedule",
            {"periods": [{"start": "02:00", "end": "05:00", "mode": "force_charge"}]},
        ),
        ("clear_schedule", {}),
        ("set_operating_mode", {"mode": "backup"}),
        ("set_soc_limits", {"min_soc": 20}),
    ],
)
async def test_steering_says_that_nothing_can_be_told(
    begun: Stage, action: str, data: dict[str, Any]
) -> None:
    """What would steer is refused, and nothing is sent."""
    before = len(begun.cloud.calls)
    with pytest.raises(ServiceValidationError) as error:
        await act(begun, action, **data)
    assert error.value.translation_key == "read_only"
    assert error.value.translation_placeholders == {"vendor": "VoltStorage"}
    assert len(begun.cloud.calls) == before


async def test_no_schedule(begun: Stage) -> None:
    """There is no schedule to tell."""
    with pytest.raises(ServiceValidationError) as error:
        await act(begun, "get_schedule")
    assert error.value.translation_key == "no_schedule"


async def test_status(begun: Stage) -> None:
    """Battery and house each tell their own."""
    battery = await act(begun, "get_status")
    house = await act(begun, "get_status", "group_64")
    assert battery["vendor"] == "voltstorage"
    assert {"battery_soc", "battery_power", "battery_energy_charged"} <= set(battery)
    assert {"grid_power", "pv_power", "load_power"}.isdisjoint(battery)
    assert {"grid_power", "pv_power", "load_power", "battery_soc"} <= set(house)


async def test_records(begun: Stage) -> None:
    """The past is told as it was measured, a day for each call."""
    before = len(begun.cloud.calls)
    answer = await act(begun, "get_history", resolution="records", **TWO_DAYS)
    assert [call.path for call in begun.cloud.calls[before:]] == [EXPORT, EXPORT]
    assert set(answer["keys"]) >= {"battery_soc", "battery_power", "pv_power"}
    told = {point["start"]: point["value"] for point in answer["keys"]["grid_power"]}
    measured = [
        record
        for record in begun.product.records
        if TWO_DAYS["start"] <= f"{record.at + timedelta(hours=2)}" < TWO_DAYS["end"]
    ]
    assert len(told) == pytest.approx(len(measured), abs=2)
    assert {point["value"] for point in answer["keys"]["battery_soc"]} <= {
        *(value / 1000 for value in range(100_001))
    }


@pytest.mark.parametrize("resolution", ["hour", "day", "month"])
async def test_statistics(begun: Stage, resolution: str) -> None:
    """The statistics are told in units that people know."""
    answer = await act(
        begun,
        "get_history",
        resolution=resolution,
        start="2026-06-01 00:00:00",
        keys=["battery_energy_charged", "dc_efficiency", "electrolyte_temperature"],
    )
    assert answer["keys"]["dc_efficiency"][0]["value"] == pytest.approx(91.8, abs=0.1)
    assert 10 < answer["keys"]["electrolyte_temperature"][0]["value"] < 60
    slots = answer["keys"]["battery_energy_charged"]
    assert sum(slot["value"] for slot in slots) == pytest.approx(
        begun.product.totals.stored, rel=0.05
    )
    assert all(slot["start"] < slot["end"] for slot in slots)


async def test_history_without_statistics(stage: Stage) -> None:
    """Where there are none, only records are told."""
    stage.cloud.paths.serve(statistics=None)
    await stage.begin()
    with pytest.raises(ServiceValidationError) as error:
        await act(stage, "get_history", resolution="day", start="2026-06-14")
    assert error.value.translation_key == "no_history"


@pytest.mark.parametrize("form", ["csv", "json"])
async def test_export(begun: Stage, tmp_path: Path, form: str) -> None:
    """A range is saved day by day, and how far that is can be seen."""
    begun.hass.config.allowlist_external_dirs.add(str(tmp_path))
    events = async_capture_events(begun.hass, "home_battery_export")
    path = tmp_path / f"past.{form}"
    before = len(begun.cloud.calls)
    answer = await act(begun, "export_history", format=form, path=str(path), **TWO_DAYS)
    assert answer["days"] == 2
    assert answer["bytes"] == path.stat().st_size
    assert [call.path for call in begun.cloud.calls[before:]] == [
        f"/rest/data/export.{form}"
    ] * 2
    assert [event.data["done"] for event in events][:2] == [1, 2]
    assert names(tmp_path) == [path.name]
    text = path.read_text()
    rows = {"csv": text.splitlines, "json": lambda: json.loads(text)}[form]()
    assert 2000 < len(rows) < 3200


@pytest.mark.parametrize("path", ["/etc/past.csv", "past.csv", "/nowhere/at/all.csv"])
async def test_export_elsewhere(begun: Stage, path: str) -> None:
    """Where Home Assistant may not write, nothing is asked for or written."""
    before = len(begun.cloud.calls)
    with pytest.raises(ServiceValidationError) as error:
        await act(begun, "export_history", path=path, **TWO_DAYS)
    assert error.value.translation_key == "path_not_allowed"
    assert len(begun.cloud.calls) == before


async def test_export_in_another_form(begun: Stage, tmp_path: Path) -> None:
    """Only the vendor's own forms can be had."""
    begun.hass.config.allowlist_external_dirs.add(str(tmp_path))
    with pytest.raises(ServiceValidationError) as error:
        await act(
            begun,
            "export_history",
            format="xlsx",
            path=str(tmp_path / "past.xlsx"),
            **TWO_DAYS,
        )
    assert error.value.translation_key == "no_export"


async def test_export_that_breaks(begun: Stage, tmp_path: Path) -> None:
    """What was there before stays when the vendor fails in the middle."""
    begun.hass.config.allowlist_external_dirs.add(str(tmp_path))
    path = tmp_path / "past.csv"
    path.write_text("before")
    begun.fail(EXPORT)
    with pytest.raises(HomeAssistantError) as error:
        await act(begun, "export_history", path=str(path), **TWO_DAYS)
    assert error.value.translation_key == "communication_error"
    assert path.read_text() == "before"
    assert names(tmp_path) == ["past.csv"]


async def test_export_that_is_too_large(
    begun: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that would become too large is not kept, and how much would fit is said."""
    monkeypatch.setattr("custom_components.home_battery.export._MEGABYTE", 40)
    begun.hass.config.allowlist_external_dirs.add(str(tmp_path))
    path = tmp_path / "past.csv"
    path.write_text("before")
    with pytest.raises(HomeAssistantError) as error:
        await act(begun, "export_history", path=str(path), **TWO_DAYS)
    assert error.value.translation_key == "export_too_large"
    assert error.value.translation_placeholders == {"limit": "4096", "days": "1"}
    assert path.read_text() == "before"
    assert names(tmp_path) == ["past.csv"]


async def test_export_that_cannot_be_written(begun: Stage, tmp_path: Path) -> None:
    """A directory in the way is said."""
    begun.hass.config.allowlist_external_dirs.add(str(tmp_path))
    (tmp_path / "past.csv.part").mkdir()
    with pytest.raises(HomeAssistantError) as error:
        await act(begun, "export_history", path=str(tmp_path / "past.csv"), **TWO_DAYS)
    assert error.value.translation_key == "file_not_written"


async def test_call_api(begun: Stage) -> None:
    """Every documented call can be made, but people and tokens stay hidden."""

    async def call(endpoint: str, **parameters: Any) -> Any:
        response = await begun.hass.services.async_call(
            DOMAIN,
            "call_api",
            {
                "config_entry": begun.entry.entry_id,
                "endpoint": endpoint,
                "parameters": parameters,
            },
            blocking=True,
            return_response=True,
        )
        assert response is not None
        return response["result"]

    (product,) = await call("products", sort="-installationDate,id", count=5)
    assert product["id"] == 77
    assert product["group"]["owner"] == "**REDACTED**"
    assert (await call("latest", productId=77, includeTime=False))["pvPower"] >= 0
    years = await call("statistics", productId=77, timespan="year", tstart=0)
    assert years[0]["storage-total-stored"] > 0
    assert await call("statistics", productId=77, timespan="lifetime")
    for endpoint, parameters, problem in (
        ("login", {}, "call_refused"),
        ("products", {"limit": 1}, "refused"),
        ("statistics", {"productId": 77, "timespan": "week"}, "refused"),
        ("export_csv", {"productId": 4711, "from": 0}, "unsupported"),
    ):
        with pytest.raises(HomeAssistantError) as error:
            await call(endpoint, **parameters)
        assert error.value.translation_key == problem
