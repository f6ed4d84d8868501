"""The account against the simulated cloud: discovery, feeds, settings and writes."""

from typing import Any
from unittest.mock import patch

import pytest

from custom_components.home_battery.battery.model import Inventory, Role
from custom_components.home_battery.transport.errors import (
    ApiError,
    AuthenticationError,
    LimitError,
    TransientError,
)
from custom_components.home_battery.transport.limiter import Limiter
from custom_components.home_battery.vendors.foxess.real_time import RealTimeReader
from custom_components.home_battery.vendors.foxess.vendor import FOXESS
from custom_components.home_battery.vendors.vendor import (
    IDENTITY,
    QUOTA,
    READINGS,
    SETTINGS,
)
from simulator import Simulation
from tests.conftest import Simulate

from .conftest import MakeAccount, break_calls, calls_to
from .systems import LACKING, SYSTEMS, discovered, fetch, system_of


async def test_discovery(simulate: Simulate, make_account: MakeAccount) -> None:
    """Stations are houses, inverters systems or producers, in few calls."""
    sim = await simulate("KH8+PV", "EVO")
    inventory = await make_account(sim).discover()
    assert sorted(
        (device.kind, device.role, device.name, device.time_zone)
        for device in inventory.devices.values()
    ) == sorted(
        [
            ("account", Role.ACCOUNT, "Fox ESS account", None),
            *[("station", Role.HOUSE, f"House {n}", "Europe/Berlin") for n in (1, 2)],
            ("inverter", Role.SYSTEM, "Fox ESS EVO 10-5-H", "Europe/Berlin"),
            ("inverter", Role.SYSTEM, "Fox ESS KH8", "Europe/Berlin"),
            ("inverter", Role.PRODUCER, "Fox ESS S3000-G2", "Europe/Berlin"),
        ]
    )
    parents = {device.id: device.parent for device in inventory.devices.values()}
    for inverter in sim.foxess.inverters:
        assert parents[inverter.serial] == f"station_{inverter.station_id}"
    assert len(sim.foxess.calls) == 5


async def test_equal_models_are_told_apart(
    simulate: Simulate, make_account: MakeAccount
) -> None:
    """Two of a kind carry the end of their serial."""
    inventory = await make_account(await simulate("KH8", "KH8")).discover()
    assert {device.name for device in inventory.with_role(Role.SYSTEM)} == {
        "Fox ESS KH8 0001",
        "Fox ESS KH8 0002",
    }


async def test_budget(
    sim: Simulation, make_account: MakeAccount, limiter: Limiter
) -> None:
    """Discovery takes over the day's calls, others' included."""
    sim.foxess.spend(500)
    await make_account(sim).discover()
    assert limiter.daily_calls == 1440
    assert limiter.calls_left == 1440 - 500 - 5
    assert limiter.reserved_calls == 216


async def test_nameplates(simulate: Simulate, make_account: MakeAccount) -> None:
    """The identity feed tells ratings; where a detail fails, what was known stays."""
    sim = await simulate("H3-V1")
    known = Inventory()
    account = make_account(sim, inventory=lambda: known)
    known = await discovered(account)
    (device,) = known.with_role(Role.SYSTEM)
    assert (device.rated_power, device.capacity) == (10000, 23.04)
    assert (device.sw_version, device.hw_version) == ("1.28", None)
    break_calls(sim, "errno", path="*/device/detail", value=41200)
    result = await fetch(account, IDENTITY, [device])
    assert result.inventory == known


async def test_identity_without_credentials(
    sim: Simulation, make_account: MakeAccount
) -> None:
    """Refused credentials are not taken for a device that fails."""
    break_calls(sim, "errno", path="*/device/detail", value=41808)
    with pytest.raises(AuthenticationError):
        await discovered(make_account(sim))


@pytest.mark.parametrize(("model", "version"), SYSTEMS)
async def test_what_a_device_has_is_learned_once(
    simulate: Simulate, make_account: MakeAccount, model: str, version: int
) -> None:
    """The scheduler's version and what is lacking are remembered, over restarts too."""
    sim = await simulate(model)
    memory: dict[str, dict[str, Any]] = {}
    account = make_account(sim, memory=memory)
    device = await system_of(account)
    first = await account.read(device)
    assert memory[device.key]["scheduler_version"] == version
    assert memory[device.key]["lacking"] == LACKING[model]
    assert first.schedule is not None
    # What the cloud says of a battery that cannot be heated may be a hiccup twice.
    for _ in range(2):
        await account.read(device)
    sim.foxess.calls.clear()
    again = await make_account(sim, memory=memory).read(device)
    assert {call.errno for call in sim.foxess.calls} == {0}
    assert again == first


async def test_producer_is_asked_for_no_settings(
    simulate: Simulate, make_account: MakeAccount
) -> None:
    """An inverter without a battery has records, and no settings feed."""
    sim = await simulate("PV")
    account = make_account(sim)
    (device,) = (await discovered(account)).with_role(Role.PRODUCER)
    settings = next(feed for feed in account.feeds if feed.name == SETTINGS)
    assert device.role not in settings.roles
    result = await fetch(account, READINGS, [device])
    assert result.records[device.key].values["pv_power"] > 0


async def test_batches(simulate: Simulate, make_account: MakeAccount) -> None:
    """Records come in as few calls as the batch allows; a missing one is left out."""
    sim = await simulate("KH8", devices=5)
    account = make_account(sim)
    inventory = await account.discover()
    devices = inventory.with_role(Role.SYSTEM)
    break_calls(sim, "missing_device", value=devices[0].id)
    with patch(f"{RealTimeReader.__module__}.MAX_BATCH", 2):
        result = await fetch(account, READINGS, devices)
    assert set(result.records) == {device.key for device in devices[1:]}
    assert len(calls_to(sim, "real/query")) == 3


async def test_one_device_fails(simulate: Simulate, make_account: MakeAccount) -> None:
    """A device that does not answer takes only itself down."""
    sim = await simulate("KH8", "EVO")
    account = make_account(sim)
    devices = (await discovered(account)).with_role(Role.SYSTEM)
    break_calls(sim, "missing_device", value=devices[0].id)
    result = await fetch(account, SETTINGS, devices)
    assert set(result.failed) == {devices[0].key}
    assert set(result.records) == {devices[1].key}


@pytest.mark.parametrize(
    ("code", "kind"), [(41808, AuthenticationError), (40402, LimitError)]
)
async def test_settings_feed_stops(
    sim: Simulation, make_account: MakeAccount, code: int, kind: type[ApiError]
) -> None:
    """Without credentials or calls there is no sense in asking on."""
    account = make_account(sim)
    device = await system_of(account)
    break_calls(sim, "errno", value=code)
    with pytest.raises(kind):
        await fetch(account, SETTINGS, [device])


async def test_partial_settings(sim: Simulation, make_account: MakeAccount) -> None:
    """What cannot be read now stays out, and comes back."""
    account = make_account(sim)
    device = await system_of(account)
    break_calls(sim, "errno", path="*/soc/get", value=41203, count=1)
    controls = (await account.read(device)).controls
    assert {"max_soc", "operating_mode"} < controls.keys()
    assert {"min_soc", "min_soc_on_grid"}.isdisjoint(controls)
    assert "min_soc" in (await account.read(device)).controls


async def test_nothing_of_the_settings(
    sim: Simulation, make_account: MakeAccount
) -> None:
    """When nothing but the scheduler answers, reading has failed."""
    account = make_account(sim)
    device = await system_of(account)
    paths = ("*/soc/get", "*/setting/get", "*/peakShaving/get", "*/forceChargeTime/get")
    for path in paths:
        break_calls(sim, "errno", path=path, value=41203)
    with pytest.raises(TransientError):
        await account.read(device)


async def test_an_outage_teaches_nothing(
    sim: Simulation, make_account: MakeAccount
) -> None:
    """41200 from everything is the cloud's fault, however often it comes."""
    memory: dict[str, dict[str, Any]] = {}
    account = make_account(sim, memory=memory)
    device = (await account.discover()).with_role(Role.SYSTEM)[0]
    break_calls(sim, "errno", value=41200)
    for _ in range(15):
        with pytest.raises(ApiError):
            await account.read(device)
    sim.faults.clear()
    record = await account.read(device)
    assert record.schedule is not None
    assert memory[device.key]["scheduler_version"] == 3


async def test_lasting_41200_is_a_lack(
    sim: Simulation, make_account: MakeAccount
) -> None:
    """What fails again and again while the rest answers is not there."""
    memory: dict[str, dict[str, Any]] = {}
    account = make_account(sim, memory=memory)
    device = await system_of(account)
    break_calls(sim, "errno", path="*/soc/get", value=41200)
    for _ in range(3):
        assert "min_soc" not in (await account.read(device)).controls
    assert set(memory[device.key]["lacking"]) == {"soc_limits", "heating"}
    sim.foxess.calls.clear()
    await account.read(device)
    assert calls_to(sim, "soc/get") == []


async def test_quota_feed(
    sim: Simulation, make_account: MakeAccount, limiter: Limiter
) -> None:
    """The vendor's count is asked for again, also when only the reserve is left."""
    account = make_account(sim)
    limiter.budget(1440, 10, reserved=0.15)
    sim.foxess.spend(300)
    result = await fetch(account, QUOTA, [])
    assert (result.records, result.inventory) == ({}, None)
    assert limiter.calls_left == 1440 - 300 - 1


async def test_anchor(simulate: Simulate, make_account: MakeAccount) -> None:
    """An account is known by its smallest station, else by its smallest inverter."""
    sim = await simulate("KH8", "EVO")
    inventory = await make_account(sim).discover()
    stations = [device.id for device in inventory.with_role(Role.HOUSE)]
    assert FOXESS.anchor(inventory) == min(stations)
    bare = Inventory.of(inventory.with_role(Role.SYSTEM))
    assert FOXESS.anchor(bare) == min(device.id for device in bare.devices.values())
    data = {"token": "t", "base_url": "u"}
    assert (FOXESS.credential(data), FOXESS.base_url(data)) == ("t", "u")
