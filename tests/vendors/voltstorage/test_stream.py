"""The stream: what is told on it, what goes wrong with it, and how it comes back."""

from datetime import timedelta
import logging
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from homeassistant.const import EVENT_STATE_CHANGED
from simulator.faults import Fault
from tests.conftest import async_pass

from .conftest import MakeStage
from .stage import EXPORT, PRODUCT, Stage, quiet, until


async def say(stage: Stage, *messages: str) -> None:
    """Send texts as they are, and then something that is heard."""
    for message in messages:
        await stage.cloud.stream.send(PRODUCT, message)


async def tell(stage: Stage, **data: Any) -> None:
    """Send data of now, and let them be heard."""
    stage.freezer.tick(timedelta(seconds=20))
    await stage.cloud.stream.event(PRODUCT, "latest-data", data)
    at = int(stage.cloud.clock.house_now().timestamp())
    await until(lambda: stage.last_data().timestamp() == at)


def exports(stage: Stage) -> int:
    """Return how often the export was asked for."""
    return sum(call.path == EXPORT for call in stage.cloud.calls)


async def test_is_shown_at_once(stage: Stage) -> None:
    """What is told is shown without a poll, and what is left out stays."""
    await stage.begin()
    await stage.connect()
    soc = stage.number("battery_soc")
    await tell(stage, inverterPower=-321.0, pvPower=1234.5)
    assert stage.number("battery_power") == -321
    assert stage.number("pv_power", "group_64") == 1234.5
    assert stage.number("battery_soc") == soc
    await tell(stage, stateOfCharge=0.5)
    assert stage.number("battery_soc") == 50
    assert stage.number("battery_power") == -321


async def test_spares_the_export(stage: Stage) -> None:
    """While the stream tells everything, the export is asked for every 5 minutes."""
    await stage.begin()
    await stage.connect()
    await stage.stream(hours=0.5, step=90)
    before = exports(stage)
    await stage.stream(hours=1, step=90)
    assert 9 <= exports(stage) - before <= 16


@pytest.mark.parametrize(
    "garbage",
    [
        "",
        "{",
        "null",
        "[1]",
        '"text"',
        '{"type":"latest-data"}',
        '{"type":"latest-data","time":"x","data":{}}',
        '{"type":"latest-data","time":1e300,"data":{"pvPower":1}}',
        '{"type":"latest-data","time":1781519400,"data":[]}',
        '{"type":"latest-data","time":99999999999,"data":{"pvPower":1}}',
        '{"type":"latest-data","time":1,"data":{"pvPower":1}}',
        '{"type":"product-updated","time":1781519400,"data":{"pvPower":1}}',
        '{"type":"latest-data","time":1781519400,"data":{"pvPower":"NaN"}}',
        '{"type":"latest-data","time":1781519400,"data":{"pvPower":{"x":1}}}',
        '{"type":"latest-data","time":1781519400,"data":{"stateOfCharge":-7}}',
        "x" * 100_000,
    ],
)
async def test_garbage_changes_nothing(stage: Stage, garbage: str) -> None:
    """What is no news of the product is passed over, and the stream goes on."""
    await stage.begin()
    await stage.connect()
    await tell(stage, inverterPower=100.0, pvPower=2000.0)
    before = stage.energies()
    await say(stage, garbage)
    await tell(stage, inverterPower=101.0)
    assert stage.number("battery_power") == 101
    assert stage.number("pv_power", "group_64") == 2000
    assert stage.energies() == before
    assert stage.cloud.stream.listeners == [PRODUCT]


async def test_binary_is_passed_over(stage: Stage) -> None:
    """So is what is no text at all, too long, or a name without end."""
    await stage.begin()
    await stage.connect()
    await tell(stage, **{"x" * 500: 1.0, "": 2.0, "*": 3.0, "inverterPower": 7.0})
    assert stage.number("battery_power") == 7


async def test_names_without_end(stage: Stage) -> None:
    """A stream that makes up names does not make up entities without end."""
    await stage.begin()
    await stage.connect()
    many = {f"made{number}": float(number) for number in range(500)}
    await tell(stage, **many, inverterPower=7.0)
    learned = stage.entry.runtime_data.store.learned[f"product_{PRODUCT}"]
    assert sum(key.startswith("voltstorage_") for key in learned) == 60


async def test_burst(stage: Stage) -> None:
    """A thousand messages at once are merged, and cost a single write."""
    await stage.begin()
    await stage.connect()
    await tell(stage, inverterPower=1.0)
    events = async_capture_events(stage.hass, EVENT_STATE_CHANGED)
    before = stage.energies()
    for number in range(1000):
        await stage.cloud.stream.event(
            PRODUCT, "latest-data", {"inverterPower": float(number)}
        )
    await quiet()
    stage.freezer.tick(timedelta(seconds=20))
    await stage.cloud.stream.event(PRODUCT, "latest-data", {"inverterPower": 2.5})
    await until(lambda: stage.number("battery_power") != 1)
    await quiet()
    await tell(stage, inverterPower=1500.0)
    assert stage.number("battery_power") == 1500
    changed = [event.data["entity_id"] for event in events]
    assert changed.count("sensor.voltstorage_smart_battery_power") <= 3
    assert stage.energies() == before


@pytest.mark.parametrize("kind", ["garbage", "unknown_type", "close", "burst", "stall"])
async def test_trouble(stage: Stage, kind: str) -> None:
    """Whatever goes wrong on the stream for an hour, readings and energies go on."""
    await stage.begin()
    await stage.connect()
    await stage.stream(hours=0.2)
    stage.sim.faults.add(Fault(vendor="voltstorage", kind=kind))
    await stage.live(hours=1)
    assert stage.seen("online") == "on"
    newest = stage.product.records[-1].at
    assert newest - stage.last_data() < timedelta(minutes=3)
    stage.sim.faults.clear()
    await stage.live(hours=0.4)
    await until(lambda: PRODUCT in stage.cloud.stream.listeners)
    counted, measured = stage.energies(), stage.measured()
    begun = {key: measured[key] - counted[key] for key in counted}
    await stage.live(hours=0.5)
    counted, measured = stage.energies(), stage.measured()
    assert {key: measured[key] - counted[key] for key in counted} == pytest.approx(
        begun, abs=0.01
    )


async def test_silent_stream_is_opened_anew(stage: Stage) -> None:
    """After 5 minutes of silence the stream is closed, and tried again."""
    await stage.begin()
    await stage.connect()
    opened = [call.path for call in stage.cloud.calls].count("/ws")
    stage.sim.faults.add(Fault(vendor="voltstorage", kind="stall"))
    await stage.live(hours=0.2)
    assert [call.path for call in stage.cloud.calls].count("/ws") > opened


async def test_waits_longer_and_longer(stage: Stage) -> None:
    """A stream that cannot be opened is tried more and more rarely."""
    await stage.begin()
    stage.fail("/ws")
    await stage.live(hours=0.5)
    early = [call.path for call in stage.cloud.calls].count("/ws")
    await stage.live(hours=2)
    late = [call.path for call in stage.cloud.calls].count("/ws") - early
    assert early >= 3
    assert late <= 2 * 60 / 5


async def test_no_stream(stage: Stage) -> None:
    """Where there is none, it is looked for once a day."""
    stage.cloud.paths.serve(stream=None)
    await stage.begin()
    await stage.live(hours=3, step=300)
    assert [call.path for call in stage.cloud.calls].count("/ws") == 1
    await stage.live(hours=22, step=900)
    assert [call.path for call in stage.cloud.calls].count("/ws") == 2


async def test_expired_token(stage: Stage) -> None:
    """A stream that refuses its token gets a new one."""
    await stage.begin()
    await stage.connect()
    await stage.cloud.stream.close()
    stage.freezer.tick(timedelta(days=8))
    await stage.live(hours=0.1)
    await until(lambda: PRODUCT in stage.cloud.stream.listeners)


async def test_ends_with_the_entry(stage: Stage) -> None:
    """When the account is unloaded nobody listens any more."""
    await stage.begin()
    await stage.connect()
    await stage.hass.config_entries.async_unload(stage.entry.entry_id)
    await until(lambda: stage.cloud.stream.listeners == [])


async def test_stream_elsewhere(make_stage: MakeStage) -> None:
    """The path of the stream can be given."""
    stage = await make_stage(options={"stream_path": "/live/{product_id}"})
    stage.cloud.paths.serve(stream="/live/{product_id}")
    await stage.begin()
    await stage.connect()
    await tell(stage, inverterPower=-321.0)
    assert stage.number("battery_power") == -321


async def test_two_streams(make_stage: MakeStage) -> None:
    """Each product has a stream of its own, and one of them tells of the house."""
    stage = await make_stage("SMART+SMART")
    await stage.begin()
    await stage.connect()
    await until(lambda: sorted(stage.cloud.stream.listeners) == [77, 190])
    await tell(stage, inverterPower=-321.0, gridPower=-55.0)
    await stage.cloud.stream.event(
        190, "latest-data", {"inverterPower": 99.0, "gridPower": 777.0}
    )
    await until(lambda: stage.number("battery_power", "product_190") == 99)
    assert stage.number("battery_power") == -321
    assert stage.number("grid_power", "group_64") == -55


async def test_token_is_in_no_log(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither tokens nor the password are logged, whatever goes wrong."""
    caplog.set_level(logging.DEBUG)
    stage.cloud.takes_header = False
    await stage.begin()
    await stage.connect()
    for kind, value in (
        ("status", 500),
        ("reset", 0),
        ("refuse", 0),
        ("html", 0),
        ("truncated", 0),
        ("redirect", "http://127.0.0.1:1/"),
    ):
        stage.sim.faults.add(Fault(vendor="voltstorage", kind=kind, value=value))
        await stage.cloud.stream.close()
        await stage.live(hours=0.6, step=600)
        stage.sim.faults.clear()
    tokens = {
        call.query["token"] for call in stage.cloud.calls if "token" in call.query
    }
    assert tokens
    assert not [token for token in tokens if token in caplog.text]
    assert stage.cloud.password not in caplog.text


async def test_poll_of_a_moment(stage: Stage) -> None:
    """What was held back is shown with the next poll."""
    await stage.begin()
    await stage.connect()
    await tell(stage, inverterPower=1.0)
    await stage.cloud.stream.event(PRODUCT, "latest-data", {"inverterPower": 2.0})
    await async_pass(stage.hass, stage.freezer, seconds=61)
    await until(lambda: stage.number("battery_power") != 1)
