"""Settings by the names that the vendor documents."""

from pathlib import Path
import re
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.home_battery.const import DOMAIN
from custom_components.home_battery.vendors.growatt.steering.parameters import (
    CATALOGUES,
)
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers import device_registry as dr
from simulator import Simulation
from simulator.faults import Fault
from tests.conftest import Simulate, async_set_up, make_entry

from .entries import make_growatt_entry

pytestmark = pytest.mark.usefixtures("enable_custom_integrations", "few_entities")


def device_of(hass: HomeAssistant, entry: MockConfigEntry, serial: str) -> str:
    """Return the registry's id of a device."""
    return next(
        device.id
        for device in dr.async_entries_for_config_entry(
            dr.async_get(hass), entry.entry_id
        )
        if device.serial_number == serial
    )


class Cloud:
    """An account with one device, and the actions on it."""

    def __init__(
        self, hass: HomeAssistant, sim: Simulation, entry: MockConfigEntry, model: str
    ) -> None:
        """Keep the means."""
        self._hass = hass
        self.sim = sim
        self.device = sim.growatt.first(model)
        self.id = device_of(hass, entry, self.device.serial)

    async def act(
        self, action: str, parameter: str, context: Context | None = None, **data: Any
    ) -> Any:
        """Perform an action on the device, and return its response."""
        response = await self._hass.services.async_call(
            DOMAIN,
            f"growatt_{action}_parameter",
            {ATTR_DEVICE_ID: self.id, "parameter": parameter, **data},
            blocking=True,
            return_response=True,
            context=context,
        )
        await self._hass.async_block_till_done(wait_background_tasks=True)
        assert response is not None
        return response[self.id]

    @property
    def writes(self) -> list[str]:
        """Return the paths of all writes that reached the server."""
        return [call.path for call in self.sim.growatt.calls if call.write]


async def open_cloud(
    hass: HomeAssistant, simulate: Simulate, model: str = "MIN-XH", **kwargs: Any
) -> Cloud:
    """Set up an account with one device."""
    sim = await simulate(growatt=(model,))
    entry = make_growatt_entry(sim, **kwargs)
    await async_set_up(hass, entry)
    return Cloud(hass, sim, entry, model)


@pytest.mark.parametrize(
    ("model", "name", "values"),
    [
        ("MIN-XH", "charge_stop_soc", ["91"]),
        ("MIN-XH", "tlx_on_off", ["0000"]),
        ("MIN-XH", "time_segment3", ["1", "2", "0", "4", "30", "1"]),
        ("MIN-XH", "set_param_16", ["60"]),
        (
            "SPH",
            "mix_ac_charge_time_period",
            ["80", "95", "1", *("1", "0", "3", "0", "1"), *("0",) * 10],
        ),
        ("INV", "pv_active_p_rate", ["70"]),
    ],
)
async def test_write_and_read_back(
    hass: HomeAssistant, simulate: Simulate, model: str, name: str, values: list[str]
) -> None:
    """What is written is confirmed, shown, and not written twice."""
    cloud = await open_cloud(hass, simulate, model)
    assert await cloud.act("write", name, values=values) == "confirmed"
    told = (await cloud.act("read", name))["values"]
    assert [float(word) for word in told] == [float(word) for word in values]
    assert len(cloud.writes) == 1
    assert await cloud.act("write", name, values=values) == "unchanged"
    assert len(cloud.writes) == 1


async def test_clock_goes_on(hass: HomeAssistant, simulate: Simulate) -> None:
    """A time that was set is held although the clock runs."""
    cloud = await open_cloud(hass, simulate)
    values = ["2026-06-15 14:00:00"]
    assert await cloud.act("write", "pf_sys_year", values=values) == "confirmed"


@pytest.mark.parametrize(
    ("name", "values", "error"),
    [
        ("set_any_reg", ["1", "2"], "unknown_control"),
        ("pv_grid_voltage_high", ["250"], "unknown_control"),
        ("no_such_setting", ["1"], "unknown_control"),
        ("charge_power", ["101"], "unknown_option"),
        ("charge_power", ["1", "2"], "parameter_count"),
        ("time_segment1", ["1", "2"], "parameter_count"),
    ],
)
async def test_refused(
    hass: HomeAssistant,
    simulate: Simulate,
    name: str,
    values: list[str],
    error: str,
) -> None:
    """What is not documented, or not for everybody, is not sent."""
    cloud = await open_cloud(hass, simulate)
    with pytest.raises(ServiceValidationError) as caught:
        await cloud.act("write", name, values=values)
    assert caught.value.translation_key == error
    assert cloud.writes == []


async def test_unknown_is_not_read(hass: HomeAssistant, simulate: Simulate) -> None:
    """Nobody is asked for a setting that there is not."""
    cloud = await open_cloud(hass, simulate)
    with pytest.raises(ServiceValidationError) as caught:
        await cloud.act("read", "no_such_setting")
    assert caught.value.translation_key == "unknown_control"


async def test_permitted_export(hass: HomeAssistant, simulate: Simulate) -> None:
    """What can have more exported is refused where a limit is set."""
    cloud = await open_cloud(hass, simulate, options={"permitted_export": 5000})
    with pytest.raises(ServiceValidationError) as caught:
        await cloud.act("write", "backflow_setting", values=["0"])
    assert caught.value.translation_key == "parameter_exports"
    assert cloud.writes == []
    assert await cloud.act("write", "charge_power", values=["55"]) == "confirmed"


async def test_only_watch(hass: HomeAssistant, simulate: Simulate) -> None:
    """Only watching, one reads and writes nothing."""
    cloud = await open_cloud(hass, simulate, control="watch")
    assert (await cloud.act("read", "charge_power"))["values"]
    with pytest.raises(ServiceValidationError) as caught:
        await cloud.act("write", "charge_power", values=["55"])
    assert caught.value.translation_key == "watch_only"
    assert cloud.writes == []


@pytest.mark.parametrize(
    ("action", "data"), [("read", {}), ("write", {"values": ["5"]})]
)
async def test_outage(
    hass: HomeAssistant, simulate: Simulate, action: str, data: dict[str, Any]
) -> None:
    """What cannot be read is neither told nor written."""
    cloud = await open_cloud(hass, simulate)
    cloud.sim.faults.add(Fault(vendor="growatt", kind="status", value=503))
    with pytest.raises(HomeAssistantError) as caught:
        await cloud.act(action, "charge_power", **data)
    assert caught.value.translation_key == "communication_error"
    assert cloud.writes == []


async def test_only_administrators_write(
    hass: HomeAssistant,
    simulate: Simulate,
    hass_read_only_user: MockUser,
) -> None:
    """Others may read."""
    cloud = await open_cloud(hass, simulate)
    context = Context(user_id=hass_read_only_user.id)
    assert (await cloud.act("read", "charge_power", context))["values"]
    with pytest.raises(Unauthorized):
        await cloud.act("write", "charge_power", context, values=["55"])


@pytest.mark.parametrize("kind", CATALOGUES)
def test_documented(kind: str) -> None:
    """Every setting is listed for those who look for its name."""
    text = Path("docs/growatt.md").read_text("utf-8")
    listed = set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))
    assert CATALOGUES[kind].parameters.keys() <= listed


async def test_not_of_another_vendor(hass: HomeAssistant, simulate: Simulate) -> None:
    """A vendor without such settings says so."""
    sim = await simulate("KH8")
    entry = make_entry(sim)
    await async_set_up(hass, entry)
    serial = sim.foxess.inverters[0].serial
    with pytest.raises(ServiceValidationError) as caught:
        await hass.services.async_call(
            DOMAIN,
            "growatt_read_parameter",
            {ATTR_DEVICE_ID: device_of(hass, entry, serial), "parameter": "a"},
            blocking=True,
            return_response=True,
        )
    assert caught.value.translation_key == "no_parameters"
