"""The numbers of Fox ESS beyond the SOC limits, and the permitted export."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
from simulator import Simulation
from simulator.faults import Fault

from .conftest import Simulate, async_pass, async_set_up, make_entry
from .controls import async_set, bodies, state

pytestmark = pytest.mark.usefixtures("enable_custom_integrations", "all_enabled")

KH8 = "number.fox_ess_kh8_"
EVO = "number.fox_ess_evo_10_5_h_"
EXPORT = f"{KH8}export_limit"


@pytest.mark.parametrize(
    ("key", "limits", "value", "body"),
    [
        ("export_limit", (0, 30000, 1), 5000, {"key": "ExportLimit", "value": "5000"}),
        (
            "max_charge_current",
            (0, 50, 0.1),
            12.3,
            {"key": "MaxSetChargeCurrent", "value": "12.3"},
        ),
        (
            "max_discharge_current",
            (0, 50, 0.1),
            7,
            {"key": "MaxSetDischargeCurrent", "value": "7"},
        ),
        (
            "peak_shaving_import_limit",
            (0, 10_000_000, 1),
            4321,
            {"importLimit": 4.321, "soc": 30},
        ),
        ("peak_shaving_soc", (10, 100, 1), 35, {"importLimit": 5.0, "soc": 35}),
    ],
)
async def test_number(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    key: str,
    limits: tuple[float, ...],
    value: float,
    body: dict[str, Any],
) -> None:
    """A number has the device's range, is written with its other half, and read back."""
    inverter = sim.foxess.inverters[0]
    found = hass.states.get(KH8 + key)
    assert found is not None
    assert tuple(found.attributes[name] for name in ("min", "max", "step")) == limits
    body.setdefault("sn", inverter.serial)
    await async_set(hass, KH8 + key, value)
    assert float(state(hass, KH8 + key)) == pytest.approx(value)
    assert bodies(sim) == [body]
    await async_set(hass, KH8 + key, value)
    assert len(bodies(sim)) == 1
    assert state(hass, "sensor.fox_ess_kh8_writes_today") == "1"


async def test_heating_temperatures(hass: HomeAssistant, simulate: Simulate) -> None:
    """The temperatures are sent with all that belongs to the heating."""
    sim = await simulate("EVO")
    await async_set_up(hass, make_entry(sim))
    before = dict(sim.foxess.inverters[0].heating)
    for key, value, limits in (("start", 5, (1, 9)), ("end", 13, (10, 15))):
        entity_id = f"{EVO}heating_{key}_temperature"
        found = hass.states.get(entity_id)
        assert found is not None
        assert (found.attributes["min"], found.attributes["max"]) == limits
        await async_set(hass, entity_id, value)
        assert float(state(hass, entity_id)) == value
    assert sim.foxess.inverters[0].heating == before | {
        "startTemperature": "5",
        "endTemperature": "13",
    }


@pytest.mark.parametrize(
    ("model", "missing"),
    [
        ("KH8", {"number.*heating", "switch.*heating", "time.*heating"}),
        ("EVO", {"number.*peak_shaving"}),
        ("PV", {"number.", "switch.", "time."}),
    ],
)
async def test_what_the_device_lacks_is_not_there(
    hass: HomeAssistant, simulate: Simulate, model: str, missing: set[str]
) -> None:
    """A device has no control for what it cannot do."""
    await async_set_up(hass, make_entry(await simulate(model)))
    ids = hass.states.async_entity_ids()
    for pattern in missing:
        platform, _, part = pattern.partition("*")
        assert [one for one in ids if one.startswith(platform) and part in one] == []


async def test_export_limit_is_a_reading_too(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """What bounds the export is told among the readings."""
    await async_set(hass, EXPORT, 5000)
    assert float(state(hass, "sensor.fox_ess_kh8_export_limit")) == 5000


async def test_permitted_export(hass: HomeAssistant, sim: Simulation) -> None:
    """More than is permitted is refused in words, and nothing is sent."""
    await async_set_up(hass, make_entry(sim, options={"permitted_export": 6000}))
    with pytest.raises(ServiceValidationError) as raised:
        await async_set(hass, EXPORT, 6001)
    assert raised.value.translation_key == "export_not_permitted"
    assert raised.value.translation_placeholders == {
        "value": "6001",
        "permitted": "6000",
    }
    assert bodies(sim) == []
    await async_set(hass, EXPORT, 6000)
    assert float(state(hass, EXPORT)) == 6000


def period(**more: Any) -> dict[str, Any]:
    """Return a period in the evening."""
    return {"start": "18:00", "end": "20:00", "mode": "force_discharge", **more}


async def async_schedule(hass: HomeAssistant, sim: Simulation, **more: Any) -> None:
    """Have the first inverter follow a schedule with one period."""
    serial = sim.foxess.inverters[0].serial
    device = next(
        device
        for device in dr.async_get(hass).devices
        if device.serial_number == serial
    )
    await hass.services.async_call(
        "home_battery",
        "set_schedule",
        {"device_id": device.id, "periods": [period(**more)]},
        blocking=True,
    )


async def test_permitted_discharge(hass: HomeAssistant, sim: Simulation) -> None:
    """A forced discharge promises no more than is permitted; a charge may."""
    await async_set_up(hass, make_entry(sim, options={"permitted_export": 6000}))
    with pytest.raises(ServiceValidationError) as raised:
        await async_schedule(hass, sim, power=6500)
    assert raised.value.translation_key == "schedule_export_not_permitted"
    assert bodies(sim) == []
    groups = sim.foxess.inverters[0].scheduler
    await async_schedule(hass, sim)
    assert [group.params["fdPwr"] for group in groups.groups] == [6000]
    await async_schedule(hass, sim, mode="force_charge")
    assert groups.groups[0].params["fdPwr"] > 6000


async def test_permitted_export_of_a_group(
    hass: HomeAssistant, simulate: Simulate
) -> None:
    """An export limit that a group has had goes no further than is permitted."""
    sim = await simulate("EVO")
    await async_set_up(hass, make_entry(sim))
    await async_schedule(hass, sim, power=3000)
    scheduler = sim.foxess.inverters[0].scheduler
    assert scheduler.groups[0].params["exportLimit"] > 6000
    entry = hass.config_entries.async_entries("home_battery")[0]
    hass.config_entries.async_update_entry(
        entry, options={"control": "control", "permitted_export": 6000}
    )
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await async_schedule(hass, sim, power=3500)
    assert scheduler.groups[0].params["exportLimit"] == 6000


async def test_seldom_read_settings_stand_longer(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Each setting stands as long as its own pace makes it believable."""
    sim.faults.add(
        Fault(vendor="foxess", kind="errno", path="*setting/get", value=41203)
    )
    for _ in range(3):
        await async_pass(hass, freezer, minutes=26)
    assert state(hass, f"{KH8}max_soc") == STATE_UNAVAILABLE
    assert state(hass, f"{KH8}min_soc") != STATE_UNAVAILABLE
    assert float(state(hass, EXPORT)) == 30000
    for _ in range(25):
        await async_pass(hass, freezer, minutes=26)
    assert state(hass, EXPORT) == STATE_UNAVAILABLE
    assert state(hass, f"{KH8}peak_shaving_soc") != STATE_UNAVAILABLE
    sim.foxess.inverters[0].settings["ExportLimit"] = "4000"
    sim.faults.clear()
    await async_pass(hass, freezer, minutes=26)
    assert float(state(hass, EXPORT)) == 4000
    sim.foxess.inverters[0].settings["ExportLimit"] = "3000"
    await async_pass(hass, freezer, minutes=26)
    assert float(state(hass, EXPORT)) == 4000
    await async_set(hass, EXPORT, 2000)
    assert float(state(hass, EXPORT)) == 2000


async def test_unconfirmed_setting_is_looked_at_again(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Also what is seldom read is asked for after a write that was not confirmed."""
    sim.faults.add(Fault(vendor="foxess", kind="write_delayed", value=200))
    with pytest.raises(HomeAssistantError) as raised:
        await async_set(hass, EXPORT, 2000)
    assert raised.value.translation_key == "unconfirmed"
    assert float(state(hass, EXPORT)) == 30000
    await async_pass(hass, freezer, seconds=301)
    await async_pass(hass, freezer, seconds=11)
    assert float(state(hass, EXPORT)) == 2000
    assert len(bodies(sim)) == 1


async def test_call_shows_what_it_changed(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
    hass_admin_user: MockUser,
) -> None:
    """After a call of any kind everything is read anew, also what is seldom read."""
    await hass.services.async_call(
        "home_battery",
        "call_api",
        {
            "config_entry": loaded.entry_id,
            "endpoint": "setting_set",
            "confirm": True,
            "parameters": {
                "sn": sim.foxess.inverters[0].serial,
                "key": "ExportLimit",
                "value": "7000",
            },
        },
        blocking=True,
        return_response=True,
        context=Context(user_id=hass_admin_user.id),
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    await async_pass(hass, freezer, seconds=11)
    assert float(state(hass, EXPORT)) == 7000
