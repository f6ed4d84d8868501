"""Each of the vendor's error codes, from the wire to what a person meets.

The rows are those of the Fox ESS notes, section 2.
"""

from typing import NamedTuple

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.home_battery.const import DOMAIN
from homeassistant.components.number import ATTR_VALUE, SERVICE_SET_VALUE
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.const import ATTR_ENTITY_ID, STATE_UNAVAILABLE, Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from simulator import Simulation
from simulator.faults import Fault
from tests.conftest import async_pass, async_set_up

pytestmark = pytest.mark.usefixtures("enable_custom_integrations")

REAL_TIME = "*/device/real/query"
SOC_SET = "*/battery/soc/set"
NUMBER = "number.fox_ess_kh8_min_soc_on_grid"
PV_POWER = "sensor.fox_ess_kh8_pv_power"


class Code(NamedTuple):
    """What a code leads to.

    Attributes:
        fault: The code, or the HTTP status, as a fault of the simulated cloud.
        set_up: Why the entry cannot be set up.
        write: What a person is told who changes a setting.
        sent: How often that change is sent.
        reauth: After how many polls in a row new credentials are asked for.
    """

    fault: tuple[str, int]
    set_up: str
    write: str
    sent: int = 1
    reauth: int | None = None


CODES = [
    Code(("errno", 30000), "communication_error", "unconfirmed"),
    Code(("errno", 40256), "signature_error", "signature_error", reauth=3),
    Code(("errno", 40257), "refused", "refused"),
    Code(("errno", 40261), "unknown_device", "unknown_device"),
    Code(("errno", 40400), "rate_limited", "rate_limited", sent=3),
    Code(("errno", 40401), "rate_limited", "rate_limited", sent=3),
    Code(("errno", 40402), "quota_exhausted", "quota_exhausted"),
    Code(("errno", 41200), "communication_error", "unconfirmed"),
    Code(("errno", 41201), "communication_error", "unconfirmed"),
    Code(("errno", 41202), "communication_error", "unconfirmed"),
    Code(("errno", 41203), "communication_error", "unconfirmed"),
    Code(("errno", 41807), "authentication_error", "authentication_error", reauth=1),
    Code(("errno", 41808), "authentication_error", "authentication_error", reauth=1),
    Code(("errno", 41809), "authentication_error", "authentication_error", reauth=1),
    Code(("errno", 41810), "authentication_error", "authentication_error", reauth=1),
    Code(("errno", 41811), "communication_error", "unconfirmed"),
    Code(("errno", 41930), "unknown_device", "unknown_device"),
    Code(("errno", 41935), "communication_error", "unconfirmed"),
    Code(("errno", 42015), "unsupported", "unsupported"),
    Code(("errno", 42023), "refused", "refused"),
    Code(("errno", 44096), "unsupported", "blocked_by_schedule"),
    Code(("errno", 44098), "communication_error", "unconfirmed", sent=2),
    Code(("status", 401), "authentication_error", "authentication_error", reauth=1),
    Code(("status", 404), "unsupported", "unsupported"),
    Code(("status", 406), "signature_error", "signature_error", reauth=3),
    Code(("status", 429), "rate_limited", "rate_limited", sent=3),
    Code(("status", 500), "communication_error", "unconfirmed"),
    Code(("status", 502), "communication_error", "unconfirmed"),
    Code(("status", 503), "communication_error", "unconfirmed"),
    Code(("status", 504), "communication_error", "unconfirmed"),
]
each_code = pytest.mark.parametrize("code", CODES, ids=lambda code: str(code.fault[1]))


def fail(sim: Simulation, code: Code, path: str) -> None:
    """Have the simulated cloud answer some calls with the code."""
    kind, value = code.fault
    sim.faults.add(Fault(vendor="foxess", kind=kind, value=value, path=path))


def reauths(hass: HomeAssistant) -> int:
    """Return how often new credentials are asked for."""
    return len(hass.config_entries.flow.async_progress_by_handler(DOMAIN))


def state_of(hass: HomeAssistant, entity_id: str) -> str:
    """Return an entity's state."""
    state = hass.states.get(entity_id)
    assert state is not None
    return state.state


@each_code
async def test_set_up(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
    code: Code,
) -> None:
    """An entry that cannot be set up says why; only refused credentials end that."""
    fail(sim, code, REAL_TIME)
    await async_set_up(hass, entry)
    refused = code.reauth == 1
    assert (
        entry.state
        is {
            True: ConfigEntryState.SETUP_ERROR,
            False: ConfigEntryState.SETUP_RETRY,
        }[refused]
    )
    assert entry.error_reason_translation_key == code.set_up
    assert reauths(hass) == int(refused)


@each_code
async def test_poll(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
    code: Code,
) -> None:
    """New credentials are asked for where they are refused, once, and else never."""
    asked: list[int] = []
    fail(sim, code, REAL_TIME)
    for _ in range(13):
        await async_pass(hass, freezer, minutes=5)
        asked.append(reauths(hass))
    polls = len(asked) if code.reauth is None else code.reauth - 1
    assert asked == [*[0] * polls, *[1] * (len(asked) - polls)]
    assert [
        flow["context"]["source"] for flow in hass.config_entries.flow.async_progress()
    ] == [SOURCE_REAUTH] * asked[-1]


@pytest.mark.parametrize(
    "code",
    [code for code in CODES if code.reauth is None],
    ids=lambda code: str(code.fault[1]),
)
async def test_recovery(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
    code: Code,
) -> None:
    """When it is over all goes on without a restart, and nothing is left to repair."""
    fail(sim, code, REAL_TIME)
    for _ in range(4):
        await async_pass(hass, freezer, minutes=5)
    assert state_of(hass, PV_POWER) == STATE_UNAVAILABLE
    sim.faults.clear()
    await async_pass(hass, freezer, minutes=61)
    await async_pass(hass, freezer, minutes=5)
    assert float(state_of(hass, PV_POWER)) > 0
    assert ir.async_get(hass).issues == {}


@each_code
async def test_write(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation, code: Code
) -> None:
    """A person is told what became of a change, and the state is the device's."""
    fail(sim, code, SOC_SET)
    with pytest.raises(HomeAssistantError) as raised:
        await hass.services.async_call(
            Platform.NUMBER,
            SERVICE_SET_VALUE,
            {ATTR_ENTITY_ID: NUMBER, ATTR_VALUE: 55},
            blocking=True,
        )
    await hass.async_block_till_done()
    assert raised.value.translation_key == code.write
    assert sum(call.write for call in sim.foxess.calls) == code.sent
    assert sim.foxess.inverters[0].settings["MinSocOnGrid"] == "10"
    assert float(state_of(hass, NUMBER)) == 10
