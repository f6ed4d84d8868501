"""What a server says is data: it is short, in one line, and no markup, wherever it is shown."""

from collections.abc import Callable
from dataclasses import replace
import logging
import re
from typing import Any

from aiohttp import web
from freezegun.api import FrozenDateTimeFactory
from hypothesis import given, settings, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.home_battery.admission import sound
from custom_components.home_battery.battery.model import Device, Inventory, Role
from custom_components.home_battery.connect import async_http
from custom_components.home_battery.transport.errors import ApiError
from custom_components.home_battery.transport.http import Http
from custom_components.home_battery.transport.limiter import Limiter
from custom_components.home_battery.transport.told import harmless, plain, sending
from custom_components.home_battery.vendors.eaton.client import EatonClient
from custom_components.home_battery.vendors.eaton.credential import Credential
from custom_components.home_battery.vendors.foxess.client import FoxEssClient
from custom_components.home_battery.vendors.foxess.credential import PrivateToken
from custom_components.home_battery.vendors.growatt.client import GrowattClient
from custom_components.home_battery.vendors.voltstorage.client import VoltStorageClient
from custom_components.home_battery.vendors.voltstorage.login import Login
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from tests.conftest import TickingClock
from tests.vendors.growatt.stage import MakePlay, make_play

from .hostile import serving

__all__ = ["make_play"]

SECRET = "SECRET-0123&456=789"
EVIL = (
    "<img src=x onerror=alert(1)> [x](javascript:alert(1)) ![x](https://evil.example)"
    " https://evil.example www.evil.example me@evil.example `x` \\<b>\n# Head\r\n\x1b[31m"
    "\u202e\x00" + "x" * 10_000
)
# What HTML, Markdown and its bare links begin with, and what breaks a line.
DANGER = re.compile(r"[<>\[\]`\\]|://|www\.|\S@|@[^\s…]", re.IGNORECASE)


def is_harmless(text: str, most: int = 255) -> bool:
    """Tell whether a text is short, in one line, and no markup."""
    return text.isprintable() and len(text) <= most and not DANGER.search(text)


@given(st.text() | st.text("<>[]()!@w.:/`\\aA\n"), st.integers(2, 300))
@settings(max_examples=300)
def test_any_text(text: str, most: int) -> None:
    """Any text becomes harmless, and what is so already stays."""
    shown = harmless(text, most)
    assert is_harmless(shown, most)
    assert harmless(shown, most) == shown
    assert plain(shown, most) == shown


@pytest.mark.parametrize(
    "text", ["", "Grid fault (E17): 253 V", "Zażółć 🔋 5 °C, 50 %"]
)
def test_an_honest_text_stays(text: str) -> None:
    """What vendors really write is shown as it is."""
    assert harmless(text) == text


def test_errors_are_short_and_plain() -> None:
    """An error holds no more of a server's words than a line."""
    error = ApiError(EVIL, code=EVIL)
    assert is_harmless(str(error), 400)
    assert is_harmless(error.code or "", 64)


def test_errors_do_not_quote() -> None:
    """What is being sent is in no error, however it is written, and only then."""
    with sending({"token": SECRET}, [SECRET[::-1]]):
        error = ApiError(f"a {SECRET} b {SECRET[::-1]}", code=SECRET)
    assert str(error) == "a … b … (…)"
    assert SECRET in str(ApiError(SECRET))


def echo(**fields: Any) -> dict[str, Any]:
    """Return an answer of every vendor that quotes a secret, and says it is an error."""
    return {
        "errno": 41930,
        "error_code": 10004,
        "code": 10,
        "msg": f"bad {SECRET}",
        "error_msg": f"bad {SECRET}",
        "message": f"bad {SECRET}",
        "errors": [f"bad {SECRET}"],
        "successful": False,
        "token": SECRET,
        **fields,
    }


ASKS: dict[str, Callable[[Http, Limiter, TickingClock], Any]] = {
    "foxess": lambda http, limiter, clock: FoxEssClient(
        http, credential=PrivateToken(SECRET), limiter=limiter, clock=clock
    ).plants(),
    "growatt": lambda http, limiter, clock: GrowattClient(
        http, token=SECRET, limiter=limiter
    ).plants(),
    "voltstorage": lambda http, limiter, clock: VoltStorageClient(
        http,
        Login(http, clock, email="a@example.com", password=SECRET),
        limiter=limiter,
        clock=clock,
        paths={},
        memory={},
    ).products(),
    "eaton": lambda http, limiter, clock: EatonClient(
        http,
        credential=Credential("customer", "me", SECRET),
        limiter=limiter,
        clock=clock,
        watch_only=True,
    ).call("status"),
}


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)
async def test_a_server_that_quotes(
    hass: HomeAssistant, socket_enabled: None, clock: TickingClock, ask: Any
) -> None:
    """A token or password that an answer repeats is in no error."""

    async def quote(request: web.Request) -> web.Response:
        signs_in = request.path.endswith(("signin", "password"))
        return web.json_response(
            {"token": SECRET, "successful": True, "result": {"token": SECRET}}
            if signs_in
            else echo(),
            status=400 if "rest" in request.path and not signs_in else 200,
        )

    async with serving(quote) as url, async_http(hass, url) as http:
        with pytest.raises(ApiError) as caught:
            await ask(http, Limiter(clock), clock)
    assert "bad" in str(caught.value)
    assert SECRET not in repr(caught.value)


def test_names_are_harmless() -> None:
    """A device is called and described by nothing that could be markup; odd ids are left out."""
    device = Device(
        kind="inverter",
        id="SN1",
        role=Role.SYSTEM,
        name=EVIL,
        model=EVIL,
        serial=EVIL,
        sw_version=EVIL,
        hw_version=EVIL,
    )
    others = [replace(device, id="x" * 65), replace(device, id="a\nb")]
    (shown,) = sound(Inventory.of([device, *others])).devices.values()
    for text in (shown.name, shown.model, shown.serial, shown.sw_version):
        assert is_harmless(str(text), 100)


async def test_names_in_home_assistant(
    hass: HomeAssistant, make_play: MakePlay, caplog: pytest.LogCaptureFixture
) -> None:
    """Registry and states show a hostile device harmlessly, and no line of the log breaks."""
    play = make_play("min", Role.SYSTEM)
    stage = play._stage  # noqa: SLF001
    stage.device = replace(stage.device, name=EVIL, model=EVIL)
    caplog.set_level(logging.DEBUG)
    await play.begin("2026-06-15 12:00:00", statusText=EVIL, unknownText=EVIL)
    (device,) = dr.async_get(hass).devices
    assert is_harmless(f"{device.name}{device.model}")
    texts = [state.state for state in hass.states.async_all()]
    assert texts
    assert all(map(is_harmless, texts))
    ours = [one for one in caplog.records if "home_battery" in one.name]
    assert ours
    assert all(one.getMessage().isprintable() for one in ours)


async def test_invented_readings_have_an_end(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    make_play: MakePlay,
    hass_storage: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """New names in every record fill neither registry nor store, and that is said once."""
    play = make_play("min", Role.SYSTEM)
    await play.begin("2026-06-15 12:00:00", ppv=1000)
    entry: MockConfigEntry = play._entry  # noqa: SLF001
    for minute in (5, 10, 15, 20):
        names = {f"made{minute}up{number}": number for number in range(500)}
        await play.at(f"2026-06-15 12:{minute:02}:00", **names, **{"x" * 500: 1})
    assert len(er.async_get(hass).entities) <= 1000
    assert len(entry.runtime_data.readings.data["min_SN1"].values) <= 1020
    assert caplog.text.count("readings more than can be") == 1
    await hass.config_entries.async_unload(entry.entry_id)
    stored = hass_storage[f"home_battery.{entry.entry_id}"]["data"]["learned"]
    assert len(stored["min_SN1"]) <= 1020


async def test_invented_devices_have_an_end(
    hass: HomeAssistant, make_play: MakePlay, caplog: pytest.LogCaptureFixture
) -> None:
    """Ever new devices fill neither registry nor store, and that is said once."""
    play = make_play("min", Role.PRODUCER)
    stage, entry = play._stage, play._entry  # noqa: SLF001
    part = replace(stage.device, role=Role.PART, parent=stage.device.key)
    crowd = Inventory.of(
        [
            stage.device,
            *(replace(part, id=f"P{number}") for number in range(1500)),
        ]
    )

    async def discover() -> Inventory:
        return crowd

    stage.discover = discover  # type: ignore[method-assign]
    await play.begin("2026-06-15 12:00:00", ppv=1000)
    assert len(dr.async_get(hass).devices) == 1000
    assert len(entry.runtime_data.store.inventory.devices) == 1000
    assert caplog.text.count("devices more than can be") == 1
