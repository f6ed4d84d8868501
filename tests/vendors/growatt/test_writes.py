"""Setting Growatt's devices through Home Assistant: held by the device, or not claimed."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.home_battery.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from simulator import Simulation
from simulator.faults import Fault
from simulator.growatt.device import Device
from tests.conftest import Simulate, async_pass, async_set_up

from .entries import (
    async_act,
    async_choose,
    async_switch,
    counted,
    make_growatt_entry,
    seen,
    too_frequent,
    writes,
)

pytestmark = pytest.mark.usefixtures(
    "enable_custom_integrations", "in_berlin", "all_enabled"
)

type Begin = Callable[..., Awaitable[Device]]

CHARGE = {"start": "02:00", "end": "05:00", "mode": "force_charge"}
DISCHARGE = {"start": "18:00", "end": "20:00", "mode": "force_discharge"}
OVERNIGHT = {"start": "23:00", "end": "01:00", "mode": "force_charge"}
# What is switched with a number: that there is a limit, and that it is kept.
BESIDE = {"exportLimit", "pvPfCmdMemoryState"}
CHARGED = {"power": 3000, "target_soc": 90}


@pytest.fixture
def async_device(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Begin:
    """Return how an account is set up some minutes ago, for the sake of its first device."""

    async def begin(sim: Simulation, **options: Any) -> Device:
        await async_set_up(hass, make_growatt_entry(sim, **options))
        await async_pass(hass, freezer, minutes=6)
        return sim.growatt.inverters[0]

    return begin


def fault(kind: str, **more: Any) -> Fault:
    """Return a fault of the Growatt cloud."""
    return Fault(vendor="growatt", kind=kind, **more)


@pytest.mark.parametrize(
    ("model", "key", "value", "held"),
    [
        ("MIN-XH", "max_soc", 85, {"wchargeSOCLowLimit": 85}),
        ("MIN-XH", "min_soc", 25, {"wdisChargeSOCLowLimit": 25}),
        ("MIN-XH", "min_soc_on_grid", 30, {"onGridDischargeStopSOC": 30}),
        ("MIN-XH", "charge_power_rate", 60, {"chargePowerCommand": 60}),
        ("MIN", "active_power_rate", 70, {"activeRate": 70}),
        ("SPH", "charge_stop_soc", 80, {"wchargeSOCLowLimit2": 80}),
        ("SPH", "discharge_stop_soc", 22, {"wdisChargeSOCLowLimit2": 22}),
        ("SPH", "min_soc_on_grid", 35, {"wdisChargeSOCLowLimit1": 35}),
        ("SPH", "export_limit", 3000, {"exportLimitPowerRate": 50}),
        ("SPA", "discharge_power_rate", 40, {"disChargePowerCommand": 40}),
        ("MAX", "active_power_rate", 45, {"activeRate": 45}),
        ("INV", "active_power_rate", 55, {"activeRate": 55}),
        ("SPH-S", "active_power_rate", 65, {"activeRate": 65}),
        ("STORAGE", "ac_charge_stop_soc", 60, {"acChargeSocLimit": 60}),
        ("NOAH", "default_power", 350, {"defaultPower": 350}),
        ("NOAH", "max_soc", 90, {"chargingSocHighLimit": 90}),
        ("NEXA", "min_soc_on_grid", 20, {"chargingSocLowLimit": 20}),
    ],
)
async def test_number(
    hass: HomeAssistant,
    simulate: Simulate,
    async_device: Begin,
    model: str,
    key: str,
    value: int,
    held: Mapping[str, int],
) -> None:
    """A number is written, read back and shown; what stands beside it is kept."""
    sim = await simulate(growatt=(model,))
    device = await async_device(sim)
    before = dict(device.settings)
    await async_choose(hass, device.serial, key, value)
    assert counted(hass, device.serial, key) == value
    assert {name: float(device.settings[name]) for name in held} == held
    others = before.keys() - held.keys() - BESIDE
    assert {name: str(device.settings[name]) for name in others} == {
        name: str(before[name]) for name in others
    }
    sent = len(writes(sim))
    assert sent in {1, 2}
    await async_choose(hass, device.serial, key, value)
    assert len(writes(sim)) == sent
    assert too_frequent(sim) == []


@pytest.mark.parametrize(
    ("model", "key", "name"),
    [
        ("MIN-XH", "ac_charge", "acChargeEnable"),
        ("SPH", "ac_charge", "acChargeEnable"),
        ("SPA", "eps", "epsFunEn"),
        ("MAX", "on_off", "onOff"),
        ("NOAH", "off_grid", "gridConnectionControl"),
        ("NOAH", "ac_charge", "allowGridCharging"),
    ],
)
async def test_switch(
    hass: HomeAssistant,
    simulate: Simulate,
    async_device: Begin,
    model: str,
    key: str,
    name: str,
) -> None:
    """A switch goes over and back."""
    sim = await simulate(growatt=(model,))
    device = await async_device(sim)
    first = seen(hass, device.serial, key)
    for on in (first == "off", first == "on"):
        await async_switch(hass, device.serial, key, on=on)
        assert seen(hass, device.serial, key) == ("off", "on")[on]
        assert int(device.settings[name]) == on
    assert too_frequent(sim) == []


@pytest.mark.parametrize(
    ("model", "key", "option", "name", "held"),
    [
        ("MIN-XH", "export_limit_mode", "meter", "exportLimit", 1),
        ("SPH", "export_limit_mode", "on", "exportLimit", 1),
        ("STORAGE", "storage_mode", None, "storage_cmd_mode", 1),
    ],
)
async def test_select(
    hass: HomeAssistant,
    simulate: Simulate,
    async_device: Begin,
    model: str,
    key: str,
    option: str | None,
    name: str,
    held: int,
) -> None:
    """A choice is sent by the vendor's number."""
    sim = await simulate(growatt=(model,))
    device = await async_device(sim)
    first = seen(hass, device.serial, key)
    (state,) = (
        one for one in hass.states.async_all("select") if one.entity_id.endswith(key)
    )
    option = option or next(one for one in state.attributes["options"] if one != first)
    await async_choose(hass, device.serial, key, option)
    assert seen(hass, device.serial, key) == option
    assert int(device.settings[name]) == held


@pytest.mark.parametrize(
    ("model", "periods"),
    [
        ("MIN-XH", [{**CHARGE, **CHARGED}, DISCHARGE]),
        ("MIN-XH", [OVERNIGHT]),
        ("SPH", [{**CHARGE, "power": 3000, "target_soc": 90}, DISCHARGE]),
        ("SPH", [OVERNIGHT]),
        ("SPA", [{**CHARGE, "power": 1500, "target_soc": 90}, DISCHARGE]),
        ("SPA", [OVERNIGHT]),
        (
            "NOAH",
            [
                {
                    "start": "06:00",
                    "end": "09:00",
                    "mode": "growatt_load_first",
                    "power": 300,
                },
                {"start": "10:00", "end": "16:00", "mode": "growatt_battery_first"},
            ],
        ),
        ("WIT", [{**CHARGE, "power": 20000}, {**DISCHARGE, "power": 30000}]),
        ("WIT", [{**OVERNIGHT, "power": 10000}]),
    ],
)
async def test_schedule(
    hass: HomeAssistant,
    simulate: Simulate,
    async_device: Begin,
    model: str,
    periods: list[dict[str, Any]],
) -> None:
    """A schedule is held by the device, told as it was said, kept as it is, and cleared."""
    sim = await simulate(growatt=(model,))
    device = await async_device(sim)
    assert await async_act(hass, device, "set_schedule", periods=periods) == "confirmed"
    held = await async_act(hass, device, "get_schedule")
    assert held["enabled"]
    assert [
        {key: told[key] for key in said}
        for said, told in zip(
            sorted(periods, key=lambda period: str(period["start"])),
            sorted(held["periods"], key=lambda period: str(period["start"])),
            strict=True,
        )
    ] == sorted(periods, key=lambda period: str(period["start"]))
    sent = len(writes(sim))
    again = await async_act(hass, device, "set_schedule", periods=held["periods"])
    assert again == "unchanged"
    assert len(writes(sim)) == sent
    assert await async_act(hass, device, "clear_schedule") == "confirmed"
    assert (await async_act(hass, device, "get_schedule"))["periods"] == []
    assert too_frequent(sim) == []


async def test_min_holds_its_segments(
    hass: HomeAssistant, simulate: Simulate, async_device: Begin
) -> None:
    """A MIN's periods are its segments, with what all of them share."""
    sim = await simulate(growatt=("MIN-XH",))
    device = await async_device(sim)
    await async_act(
        hass, device, "set_schedule", periods=[{**CHARGE, **CHARGED}, DISCHARGE]
    )
    settings = device.settings
    assert {
        (
            settings[f"forcedTimeStart{index}"],
            settings[f"forcedTimeStop{index}"],
            int(settings[f"time{index}Mode"]),
        )
        for index in range(1, 10)
        if int(settings[f"forcedStopSwitch{index}"])
    } == {("2:0", "4:59", 1), ("18:0", "19:59", 2)}
    assert int(settings["acChargeEnable"]) == 1
    assert int(settings["chargePowerCommand"]) == 50
    assert int(settings["wchargeSOCLowLimit"]) == 90


async def test_wit_holds_its_periods(
    hass: HomeAssistant, simulate: Simulate, async_device: Begin
) -> None:
    """A WIT is steered as a part of a power plant."""
    sim = await simulate(growatt=("WIT",))
    device = await async_device(sim)
    await async_act(
        hass,
        device,
        "set_schedule",
        periods=[{**CHARGE, "power": 20000}, {**DISCHARGE, "power": 30000}],
    )
    assert [(one.start, one.end, one.percent) for one in device.vpp.periods] == [
        (120, 299, 20),
        (1080, 1199, -30),
    ]
    assert device.vpp.values[1] == 1


@pytest.mark.parametrize(
    ("model", "key", "mode", "value"),
    [
        ("MIN-XH", "max_soc", "/v1/tlxSet", 80),
        ("SPH", "charge_stop_soc", "/v1/mixSet", 80),
    ],
)
async def test_reported_as_failed_but_taken(
    hass: HomeAssistant,
    simulate: Simulate,
    async_device: Begin,
    model: str,
    key: str,
    mode: str,
    value: int,
) -> None:
    """A write that took effect although its answer was lost is found by reading back."""
    sim = await simulate(growatt=(model,))
    device = await async_device(sim)
    sim.faults.add(fault("reset_in_body", path=mode, count=1))
    await async_choose(hass, device.serial, key, value)
    assert counted(hass, device.serial, key) == value
    assert writes(sim) == [mode]


async def test_lost_on_the_way(
    hass: HomeAssistant, simulate: Simulate, async_device: Begin
) -> None:
    """A write that the cloud reports as done and the device never got is not claimed."""
    sim = await simulate(growatt=("MIN-XH",))
    device = await async_device(sim)
    sim.faults.add(fault("write_lost"))
    with pytest.raises(HomeAssistantError) as raised:
        await async_choose(hass, device.serial, "max_soc", 80)
    assert raised.value.translation_domain == DOMAIN
    assert counted(hass, device.serial, "max_soc") == 100


async def test_late(
    hass: HomeAssistant, simulate: Simulate, async_device: Begin
) -> None:
    """A device that takes its time is waited for."""
    sim = await simulate(growatt=("MIN-XH",))
    device = await async_device(sim)
    sim.faults.add(fault("write_delayed", value=10, count=1))
    await async_choose(hass, device.serial, "max_soc", 80)
    assert counted(hass, device.serial, "max_soc") == 80
    assert len(writes(sim)) == 1


async def test_below_what_the_firmware_takes(
    hass: HomeAssistant, simulate: Simulate, async_device: Begin
) -> None:
    """A limit that the cloud accepts and the firmware does not take is not claimed."""
    sim = await simulate(growatt=("SPH",))
    device = await async_device(sim)
    sim.faults.add(fault("below_minimum", value=15))
    with pytest.raises(HomeAssistantError):
        await async_choose(hass, device.serial, "discharge_stop_soc", 5)
    assert counted(hass, device.serial, "discharge_stop_soc") == 10


@pytest.mark.parametrize(
    ("code", "key"),
    [
        (10003, "communication_error"),
        (10005, "communication_error"),
        (10008, "refused"),
        (10011, "unsupported"),
    ],
)
async def test_refused(
    hass: HomeAssistant, simulate: Simulate, async_device: Begin, code: int, key: str
) -> None:
    """Each refusal is said in words, and the state stays what the device holds."""
    sim = await simulate(growatt=("MIN-XH",))
    device = await async_device(sim)
    sim.faults.add(fault("errno", path="*/tlxSet", value=code))
    with pytest.raises(HomeAssistantError) as raised:
        await async_choose(hass, device.serial, "max_soc", 80)
    assert raised.value.translation_domain == DOMAIN
    assert raised.value.translation_key == key
    assert counted(hass, device.serial, "max_soc") == 100
    assert hass.config_entries.flow.async_progress() == []


async def test_only_watching(
    hass: HomeAssistant, simulate: Simulate, async_device: Begin
) -> None:
    """Who only watches sends nothing, whatever is asked for."""
    sim = await simulate(growatt=("MIN-XH",))
    device = await async_device(sim, control="watch")
    with pytest.raises(ServiceValidationError) as raised:
        await async_act(hass, device, "set_schedule", periods=[CHARGE])
    assert raised.value.translation_key == "watch_only"
    with pytest.raises(ServiceValidationError):
        await async_act(hass, device, "set_soc_limits", max_soc=80)
    assert writes(sim) == []


async def test_permitted_export(
    hass: HomeAssistant, simulate: Simulate, async_device: Begin
) -> None:
    """No more is promised to the grid than is permitted."""
    sim = await simulate(growatt=("SPH",))
    device = await async_device(sim, options={"permitted_export": 3000})
    with pytest.raises(ServiceValidationError) as raised:
        await async_choose(hass, device.serial, "export_limit", 3600)
    assert raised.value.translation_key == "export_not_permitted"
    with pytest.raises(ServiceValidationError) as raised:
        await async_act(
            hass, device, "set_schedule", periods=[{**DISCHARGE, "power": 3600}]
        )
    assert raised.value.translation_key == "schedule_export_not_permitted"
    assert writes(sim) == []
    await async_choose(hass, device.serial, "export_limit", 3000)
    assert int(device.settings["exportLimitPowerRate"]) == 50
    await async_act(hass, device, "set_schedule", periods=[DISCHARGE])
    assert int(device.settings["disChargePowerCommand"]) == 50


async def test_changed_elsewhere_meanwhile(
    hass: HomeAssistant, simulate: Simulate, async_device: Begin
) -> None:
    """What is written together is read first: a change made elsewhere is kept."""
    sim = await simulate(growatt=("SPH",))
    device = await async_device(sim)
    device.settings["wchargeSOCLowLimit2"] = 77
    await async_choose(hass, device.serial, "charge_power_rate", 60)
    assert int(device.settings["wchargeSOCLowLimit2"]) == 77
    assert int(device.settings["chargePowerCommand"]) == 60
    assert counted(hass, device.serial, "charge_stop_soc") == 77


async def test_soc_limits(
    hass: HomeAssistant, simulate: Simulate, async_device: Begin
) -> None:
    """The common action of SOC limits reaches the vendor's settings."""
    sim = await simulate(growatt=("MIN-XH",))
    device = await async_device(sim)
    assert (
        await async_act(
            hass, device, "set_soc_limits", min_soc=20, min_soc_on_grid=25, max_soc=95
        )
        == "confirmed"
    )
    assert int(device.settings["wdisChargeSOCLowLimit"]) == 20
    assert int(device.settings["onGridDischargeStopSOC"]) == 25
    assert int(device.settings["wchargeSOCLowLimit"]) == 95
