"""Settings: read, changed and put back whole, and nothing else is lost."""

import asyncio
from typing import Any

import pytest

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from simulator.eaton import CommCard, Role
from simulator.faults import Fault, Switchboard

from .conftest import See
from .entries import Seen

pytestmark = pytest.mark.usefixtures("all_enabled")

WHOLE = {
    "name": "Simulated xStorage",
    "country": "2782113",
    "timezone": "Europe/Berlin",
    "city": "2761369",
    "postalCode": "",
    "bmsBackupLevel": 10,
    "updateBlockedState": False,
    "defaultMode": {"command": "SET_MAXIMIZE_AUTO_CONSUMPTION", "parameters": {}},
    "energySavingMode": {"enabled": False, "houseConsumptionThreshold": 300},
}


def written(unit: CommCard) -> list[Any]:
    """Return the settings that were put back."""
    bodies: list[Any] = [call.body for call in unit.calls if call.method == "PUT"]
    return [body["settings"] for body in bodies]


async def change(seen: Seen, platform: str, key: str, value: Any) -> None:
    """Change a setting as a person would."""
    action, data = {
        "number": ("set_value", {"value": value}),
        "select": ("select_option", {"option": value}),
        "switch": (f"turn_{value}", {}),
    }[platform]
    await seen.do(platform, action, key, **data)


@pytest.mark.parametrize(
    ("platform", "key", "value", "changed"),
    [
        ("number", "min_soc", 35, {"bmsBackupLevel": 35}),
        (
            "switch",
            "energy_saving",
            "on",
            {"energySavingMode": {"enabled": True, "houseConsumptionThreshold": 300}},
        ),
        (
            "number",
            "house_consumption_threshold",
            450,
            {"energySavingMode": {"enabled": False, "houseConsumptionThreshold": 450}},
        ),
        (
            "select",
            "operating_mode",
            "eaton_basic",
            {"defaultMode": {"command": "SET_BASIC_MODE", "parameters": {}}},
        ),
    ],
)
async def test_one_setting(
    seen: Seen, platform: str, key: str, value: Any, changed: dict[str, Any]
) -> None:
    """One setting changes; all others go back as they were, in the form of a write."""
    await change(seen, platform, key, value)
    assert written(seen.unit) == [{**WHOLE, **changed}]
    assert seen.value(platform, key) == str(value)


@pytest.mark.parametrize(
    ("mode", "numbers", "default"),
    [
        (
            "grid_injection_limit",
            {"default_injection_limit": 800},
            {
                "command": "SET_VARIABLE_GRID_INJECTION",
                "parameters": {"maximumPower": 800},
            },
        ),
        (
            "peak_shaving",
            {"default_peak_limit": 5000},
            {
                "command": "SET_PEAK_SHAVING",
                "parameters": {"maxHousePeakConsumption": 5000},
            },
        ),
        (
            "frequency_regulation",
            {"default_regulation_power": 30, "default_regulation_soc": 60},
            {
                "command": "SET_FREQUENCY_REGULATION",
                "parameters": {"powerAllocation": 30, "optimalSoc": 60},
            },
        ),
    ],
)
async def test_default_mode_with_numbers(
    seen: Seen, mode: str, numbers: dict[str, float], default: dict[str, Any]
) -> None:
    """A mode's numbers wait until it becomes the default, and then change it at once."""
    with pytest.raises(ServiceValidationError) as caught:
        await seen.choose("operating_mode", mode)
    assert caught.value.translation_key == "parameter_needed"
    for key, value in numbers.items():
        await seen.set(key, value)
    assert written(seen.unit) == []
    await seen.choose("operating_mode", mode)
    assert written(seen.unit) == [{**WHOLE, "defaultMode": default}]
    assert {key: float(seen.value("number", key)) for key in numbers} == numbers
    first = next(iter(numbers))
    await seen.set(first, 42)
    assert 42 in written(seen.unit)[-1]["defaultMode"]["parameters"].values()
    await seen.choose("operating_mode", "self_consumption")
    assert float(seen.value("number", first)) == 42


async def test_mode_by_action(seen: Seen) -> None:
    """The common action sets the default mode."""
    assert await seen.act("set_operating_mode", mode="eaton_basic") == "confirmed"
    assert await seen.act("set_operating_mode", mode="eaton_basic") == "unchanged"
    assert await seen.act("set_soc_limits", min_soc="20") == "confirmed"
    assert written(seen.unit)[1] == {
        **WHOLE,
        "defaultMode": {"command": "SET_BASIC_MODE", "parameters": {}},
        "bmsBackupLevel": 20,
    }


async def test_two_writers_at_once(seen: Seen) -> None:
    """Whoever comes second writes on top of the first, and nothing is lost."""
    await asyncio.gather(
        seen.set("min_soc", 55),
        seen.set("house_consumption_threshold", 700),
        seen.do("switch", "turn_on", "energy_saving"),
        seen.choose("operating_mode", "eaton_basic"),
    )
    settings = seen.unit.device.settings
    assert settings.backup_level == 55
    assert settings.energy_saving is not None
    assert (settings.energy_saving.enabled, settings.energy_saving.threshold) == (
        True,
        700,
    )
    assert settings.default_mode.command == "SET_BASIC_MODE"
    assert len(written(seen.unit)) == 4


async def test_change_made_elsewhere_is_kept(seen: Seen, unit: CommCard) -> None:
    """What somebody has changed at the unit since is read before it is put back."""
    settings = unit.device.settings
    unit.device.keep(
        type(settings)(**{**vars(settings), "name": "Cellar", "city": "2950159"})
    )
    await seen.set("min_soc", 25)
    assert written(unit)[0]["name"] == "Cellar"
    assert written(unit)[0]["city"] == "2950159"


async def test_older_firmware_has_no_energy_saving(see: See) -> None:
    """What the firmware lacks is neither shown nor sent."""
    seen = await see("BARE")
    await seen.set("min_soc", 25)
    assert "energySavingMode" not in written(seen.unit)[0]
    assert seen.hass.states.get("switch.xstorage_home_energy_saving") is None


async def test_germany(see: See, all_enabled: None) -> None:
    """Where the unit's portal offers few modes, there are no others here."""
    seen = await see()
    settings = seen.unit.device.settings
    seen.unit.device.keep(type(settings)(**{**vars(settings), "country": "2921044"}))
    await seen.entry.runtime_data.settings.async_doubt()
    await seen.hass.async_block_till_done(wait_background_tasks=True)
    assert seen.state("select", "unit_command").attributes["options"] == [
        "none",
        "force_charge",
        "force_discharge",
        "grid_injection_limit",
    ]


async def test_unread_setting_is_not_invented(
    seen: Seen, simulation_faults: Switchboard
) -> None:
    """What could not be read is not put back as something else."""
    simulation_faults.add(
        Fault(vendor="eaton", kind="nulls", path="/api/settings/", value="name")
    )
    with pytest.raises(ServiceValidationError) as caught:
        await seen.set("min_soc", 25)
    assert caught.value.translation_key == "not_read"
    assert written(seen.unit) == []


async def test_cloud_mode(seen: Seen, simulation_faults: Switchboard) -> None:
    """A unit that listens to its cloud only is said to."""
    simulation_faults.add(
        Fault(vendor="eaton", kind="status", path="/api/settings/", value=412)
    )
    with pytest.raises(HomeAssistantError) as caught:
        await seen.set("min_soc", 25)
    assert caught.value.translation_key == "cloud_mode"


async def test_buttons(see: See) -> None:
    """Alerts are marked as read; a technician restarts the communication card."""
    seen = await see(role=Role.TECHNICIAN)
    await seen.do("button", "press", "read_alerts")
    await seen.do("button", "press", "reboot_communication")
    assert [
        call.path for call in seen.unit.calls if call.write and "auth" not in call.path
    ] == ["/api/notifications/read/all", "/api/commcard/reboot"]


async def test_customer_restarts_nothing(seen: Seen) -> None:
    """The button to restart is the technician's."""
    assert seen.hass.states.get("button.xstorage_home_read_alerts") is not None
    assert seen.hass.states.get("button.xstorage_home_reboot_communication") is None
