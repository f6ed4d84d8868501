"""Hard days: each comes to an end by itself or with the right words, and no password is asked for in vain."""

import asyncio
from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.home_battery.const import DOMAIN
from custom_components.home_battery.errors import readable
from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from simulator.eaton import CommCard
from simulator.faults import Fault, Switchboard
from tests.conftest import Simulate, async_pass, async_set_up

from .conftest import See
from .entries import Seen, make_eaton_entry

pytestmark = pytest.mark.usefixtures("all_enabled")

SIGN_IN = "/api/auth/signin"


def reauths(hass: HomeAssistant) -> int:
    """Return how often a person is asked for an account."""
    return sum(
        flow["context"]["source"] == "reauth"
        for flow in hass.config_entries.flow.async_progress()
    )


def sign_ins(unit: CommCard) -> int:
    """Return how often somebody signed in, or tried to."""
    return sum(call.path == SIGN_IN for call in unit.calls)


def certificate_issue(
    hass: HomeAssistant, entry: MockConfigEntry
) -> ir.IssueEntry | None:
    """Return the repair issue about another certificate, if there is one."""
    return ir.async_get(hass).async_get_issue(DOMAIN, f"certificate_{entry.entry_id}")


async def test_changed_certificate(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    seen: Seen,
    hass_client: ClientSessionGenerator,
) -> None:
    """Nothing is sent to whoever shows another certificate, until a person trusts it."""
    assert await async_setup_component(hass, REPAIRS, {})
    known, calls = seen.unit.fingerprint, len(seen.unit.calls)
    shown = seen.unit.new_certificate()
    await async_pass(hass, freezer, seconds=10)
    assert len(seen.unit.calls) == calls
    issue = certificate_issue(hass, seen.entry)
    assert issue is not None
    assert issue.is_fixable
    assert issue.translation_placeholders == {
        "title": "Eaton",
        "known": readable(known),
        "shown": readable(shown),
    }
    with pytest.raises(HomeAssistantError) as caught:
        await seen.choose("unit_command", "eaton_basic")
    assert caught.value.translation_key == "certificate_changed"
    assert len(seen.unit.calls) == calls
    client = await hass_client()
    started = await client.post(
        "/api/repairs/issues/fix",
        json={"handler": DOMAIN, "issue_id": issue.issue_id},
    )
    flow = await started.json()
    assert flow["step_id"] == "confirm"
    ended = await client.post(f"/api/repairs/issues/fix/{flow['flow_id']}", json={})
    assert (await ended.json())["type"] == "create_entry"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert seen.entry.data["fingerprint"] == shown
    assert seen.entry.state is ConfigEntryState.LOADED
    assert certificate_issue(hass, seen.entry) is None
    await seen.choose("unit_command", "eaton_basic")
    assert reauths(hass) == 0


async def test_repair_of_an_entry_that_is_gone(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    seen: Seen,
    hass_client: ClientSessionGenerator,
) -> None:
    """Whoever confirms after the entry was removed is told so."""
    assert await async_setup_component(hass, REPAIRS, {})
    seen.unit.new_certificate()
    await async_pass(hass, freezer, seconds=10)
    client = await hass_client()
    started = await client.post(
        "/api/repairs/issues/fix",
        json={
            "handler": DOMAIN,
            "issue_id": f"certificate_{seen.entry.entry_id}",
        },
    )
    flow = await started.json()
    await hass.config_entries.async_remove(seen.entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert certificate_issue(hass, seen.entry) is None
    ended = await client.post(f"/api/repairs/issues/fix/{flow['flow_id']}", json={})
    assert (await ended.json())["reason"] == "not_connected"


async def test_certificate_that_comes_back(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seen: Seen
) -> None:
    """When the trusted certificate is shown again, the repair goes away by itself."""
    known = seen.entry.data["fingerprint"]
    hass.config_entries.async_update_entry(
        seen.entry, data={**seen.entry.data, "fingerprint": "00" * 32}
    )
    await hass.config_entries.async_reload(seen.entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert seen.entry.state is ConfigEntryState.SETUP_RETRY
    assert certificate_issue(hass, seen.entry) is not None
    hass.config_entries.async_update_entry(
        seen.entry, data={**seen.entry.data, "fingerprint": known}
    )
    await hass.config_entries.async_reload(seen.entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert certificate_issue(hass, seen.entry) is None


async def test_changed_certificate_of_a_new_entry(
    hass: HomeAssistant, enable_custom_integrations: None, simulate: Simulate
) -> None:
    """An entry that has never been set up has the same repair."""
    sim = await simulate(eaton=("AC",))
    entry = make_eaton_entry(sim, data={"fingerprint": "11" * 32})
    await async_set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert certificate_issue(hass, entry) is not None
    assert sim.eaton.first.calls == []


async def test_locked(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seen: Seen
) -> None:
    """A locked account is waited for, without a try in between and without reauth."""
    before = sign_ins(seen.unit)
    seen.unit.lock()
    seen.unit.expire_tokens()
    for _ in range(30):
        await async_pass(hass, freezer, seconds=10)
    assert sign_ins(seen.unit) == before + 1
    assert reauths(hass) == 0
    with pytest.raises(HomeAssistantError) as caught:
        await seen.choose("unit_command", "eaton_basic")
    assert caught.value.translation_key == "account_locked"
    for _ in range(40):
        await async_pass(hass, freezer, seconds=10)
    assert sign_ins(seen.unit) == before + 2
    assert seen.value("sensor", "battery_power") != "unavailable"
    await seen.choose("unit_command", "eaton_basic")
    assert reauths(hass) == 0


async def test_locked_while_starting(
    hass: HomeAssistant, enable_custom_integrations: None, simulate: Simulate
) -> None:
    """A locked account at the start is a reason to wait, not to ask for another."""
    sim = await simulate(eaton=("AC",))
    sim.eaton.first.lock()
    entry = make_eaton_entry(sim)
    await async_set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert reauths(hass) == 0


async def test_refused_password_is_not_repeated(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seen: Seen
) -> None:
    """A password that is refused is tried once, and a person is asked for another."""
    before = sign_ins(seen.unit)
    seen.unit.customer.password = "Pflaumenbaum-28"
    seen.unit.expire_tokens()
    for _ in range(30):
        await async_pass(hass, freezer, seconds=60)
    assert sign_ins(seen.unit) == before + 1
    assert seen.unit.customer.failures == 1
    assert reauths(hass) == 1


async def test_token_expires_in_a_poll(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seen: Seen
) -> None:
    """A token that is not taken any more is replaced within the same poll."""
    before, calls = sign_ins(seen.unit), len(seen.unit.calls)
    seen.unit.expire_tokens()
    await async_pass(hass, freezer, seconds=10)
    assert sign_ins(seen.unit) == before + 1
    assert [call.path for call in seen.unit.calls[calls : calls + 3]] == [
        "/api/device/status",
        SIGN_IN,
        "/api/device/status",
    ]
    assert seen.entry.runtime_data.readings.last_update_success
    assert reauths(hass) == 0


async def test_token_is_renewed_before(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seen: Seen
) -> None:
    """In the long run the token is renewed before it expires, and no call is refused."""
    calls = len(seen.unit.calls)
    for _ in range(130):
        await async_pass(hass, freezer, seconds=60)
    asked = seen.unit.calls[calls:]
    assert [call.path for call in asked if "auth" in call.path] == [
        "/api/auth/refresh",
        "/api/auth/refresh",
    ]
    assert not any(call.errno for call in asked)


async def test_renewal_that_fails(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    seen: Seen,
    simulation_faults: Switchboard,
) -> None:
    """A unit that does not know how to renew a token is signed in to."""
    before = sign_ins(seen.unit)
    simulation_faults.add(
        Fault(vendor="eaton", kind="status", path="/api/auth/refresh", value=404)
    )
    freezer.tick(timedelta(minutes=51))
    await async_pass(hass, freezer, seconds=10)
    assert sign_ins(seen.unit) == before + 1
    assert seen.entry.runtime_data.readings.last_update_success


async def test_new_token_that_is_refused(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    seen: Seen,
    simulation_faults: Switchboard,
) -> None:
    """A unit that refuses the token that it has just given has a trouble of its own."""
    simulation_faults.add(
        Fault(vendor="eaton", kind="status", path="/api/device/*", value=401)
    )
    await async_pass(hass, freezer, seconds=10)
    assert not seen.entry.runtime_data.readings.last_update_success
    assert reauths(hass) == 0
    simulation_faults.clear()
    await async_pass(hass, freezer, seconds=10)
    assert seen.entry.runtime_data.readings.last_update_success


def writes(unit: CommCard) -> list[str]:
    """Return what was written, apart from signing in."""
    return [call.path for call in unit.calls if call.write and "auth" not in call.path]


async def test_reboot_in_a_command(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    seen: Seen,
    simulation_faults: Switchboard,
) -> None:
    """Nobody knows what became of it: so it is said, sent once, and found out later."""
    simulation_faults.add(
        Fault(vendor="eaton", kind="reboot", path="/api/device/command", count=1)
    )
    with pytest.raises(HomeAssistantError) as caught:
        await seen.choose("unit_command", "eaton_basic")
    assert caught.value.translation_key == "unconfirmed"
    for _ in range(30):
        await async_pass(hass, freezer, seconds=10)
    assert seen.value("select", "unit_command") == "eaton_basic"
    assert seen.value("sensor", "active_mode") == "eaton_basic"
    assert writes(seen.unit) == ["/api/device/command"]
    assert reauths(hass) == 0


async def test_reboot_in_a_schedule(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    seen: Seen,
    simulation_faults: Switchboard,
) -> None:
    """A schedule of which the half has arrived is shown as it is, and can be set again."""
    periods = [
        {"start": "01:00", "end": "02:00", "mode": "eaton_basic"},
        {"start": "03:00", "end": "04:00", "mode": "eaton_basic"},
        {"start": "05:00", "end": "06:00", "mode": "eaton_basic"},
    ]
    simulation_faults.add(
        Fault(vendor="eaton", kind="reboot", path="/api/schedule/event", count=1)
    )
    with pytest.raises(HomeAssistantError) as caught:
        await seen.act("set_schedule", periods=periods)
    assert caught.value.translation_key == "unconfirmed"
    for _ in range(40):
        await async_pass(hass, freezer, seconds=10)
    read = await seen.act("get_schedule")
    assert [period["start"] for period in read["periods"]] == ["01:00"]
    assert await seen.act("set_schedule", periods=periods) == "confirmed"
    assert writes(seen.unit) == ["/api/schedule/event"] * 3
    assert reauths(hass) == 0


async def test_reboot_before_a_write(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    seen: Seen,
    simulation_faults: Switchboard,
) -> None:
    """What could not be read first is not written, and works once the unit is back."""
    simulation_faults.add(
        Fault(vendor="eaton", kind="reboot", path="/api/settings/", count=1)
    )
    with pytest.raises(HomeAssistantError) as caught:
        await seen.set("min_soc", 40)
    assert caught.value.translation_key == "communication_error"
    assert writes(seen.unit) == []
    for _ in range(20):
        await async_pass(hass, freezer, seconds=10)
    await seen.set("min_soc", 40)
    assert seen.unit.device.settings.backup_level == 40
    assert reauths(hass) == 0


async def test_feeds_survive_each_other(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    see: See,
) -> None:
    """What fails takes down what hangs on it, and nothing else."""
    seen = await see()
    for path in ("notifications/", "settings/", "schedule/"):
        seen.unit.switchboard.add(
            Fault(vendor="eaton", kind="status", path=f"/api/{path}", value=500)
        )
    for _ in range(80):
        await async_pass(hass, freezer, seconds=60)
    assert seen.value("sensor", "battery_power") != "unavailable"
    assert seen.value("select", "unit_command") == "none"
    assert seen.value("switch", "unit_power") == "on"
    assert seen.value("number", "min_soc") == "unavailable"
    assert seen.value("binary_sensor", "problem") == "unavailable"


async def test_two_polls_take_turns(seen: Seen) -> None:
    """The unit is asked for one thing at a time, and what is urgent comes first."""
    account = seen.entry.runtime_data.account
    await asyncio.gather(
        *(account.call("status", {}) for _ in range(3)),
        account.call("settings", {}),
    )
    moments = [call.path for call in seen.unit.calls[-4:]]
    assert moments.count("/api/device/status") == 3
