"""Whole accounts, whose questions are answered as recorded, but for one answer that is broken."""

import asyncio
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Coroutine,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
import pickle
from random import Random
from typing import Any, Final, Protocol, cast
from zoneinfo import ZoneInfo

import aiohttp
import orjson

from custom_components.home_battery.battery.change import (
    Change,
    ControlChange,
    ScheduleChange,
)
from custom_components.home_battery.battery.control import ChoiceControl, NumberControl
from custom_components.home_battery.battery.errors import ChangeError
from custom_components.home_battery.battery.history import HistoryRequest, Resolution
from custom_components.home_battery.battery.model import Device, Inventory, Record, Role
from custom_components.home_battery.transport.clock import Clock
from custom_components.home_battery.transport.errors import ApiError
from custom_components.home_battery.transport.limiter import Limiter
from custom_components.home_battery.vendors import VENDORS
from custom_components.home_battery.vendors.vendor import (
    Account,
    Connection,
    FeedResult,
)

from .breaking import Path, as_body, broken, broken_bytes, places
from .conversation import Answer, Exchange, Recorder, Replay
from .readings import check_shown
from .subject import TYPED, UnsoundError, check_record, check_value

BERLIN: Final = ZoneInfo("Europe/Berlin")
_STATUSES: Final = (200, 204, 301, 400, 401, 403, 404, 412, 429, 500, 502, 503, 599)
_WRITES: Final = 12
_LARGEST: Final = 60_000

type Ask = Callable[[Account], Awaitable[object]]


class Standing:
    """A clock that only waiting moves."""

    def __init__(self, now: datetime) -> None:
        """Stand still."""
        self._now = now

    def now(self) -> datetime:
        """Return the time."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Move on, and let others do so."""
        self._now += timedelta(seconds=seconds)
        await asyncio.sleep(0)


@dataclass
class House:
    """What the rest of the integration knows of an account.

    Attributes:
        memory: What was learned of each device.
        inventory: Its devices.
        records: The settings as last read, by device key.
    """

    memory: dict[str, dict[str, Any]] = field(default_factory=dict)
    inventory: Inventory = field(default_factory=Inventory)
    records: dict[str, Record] = field(default_factory=dict)


def connect(
    vendor: str,
    data: Mapping[str, Any],
    session: object,
    clock: Clock,
    house: House,
) -> Account:
    """Return an account that may do everything."""
    return VENDORS[vendor].connect(
        Connection(
            session=cast("aiohttp.ClientSession", session),
            clock=clock,
            limiter=Limiter(clock),
            data=data,
            options={"control": "control"},
            watch_only=False,
            memory=house.memory,
            known=house.records.get,
            inventory=lambda: house.inventory,
            zone=lambda _device: BERLIN,
            user_agent="fuzz",
        )
    )


@dataclass(frozen=True)
class Talk:
    """Something that an account was asked, with all that the server said."""

    vendor: str
    name: str
    data: Mapping[str, Any]
    ask: Ask
    house: bytes
    began: datetime
    exchanges: Sequence[Exchange]

    async def replay(self, session: Session) -> None:
        """Ask it again."""
        house: House = pickle.loads(self.house)
        account = connect(self.vendor, self.data, session, Standing(self.began), house)
        try:
            async with listening(account, session, house.inventory):
                check(await self.ask(account), house.inventory)
        finally:
            # What is learned is stored, which only takes what is JSON.
            orjson.dumps(house.memory, option=orjson.OPT_PASSTHROUGH_SUBCLASS)


@asynccontextmanager
async def listening(
    account: Account, session: Session, inventory: Inventory
) -> AsyncIterator[None]:
    """Hear meanwhile what comes unasked, and check it."""
    heard: list[FeedResult] = []
    close = [feed.listen(heard.append) for feed in account.feeds if feed.listen]
    try:
        yield
        await session.settled()
    finally:
        for stop in close:
            await stop()
    for told in heard:
        check(told, inventory)


class Session(Protocol):
    """What an account asks through."""

    async def settled(self) -> None:
        """Return when all that was said has been heard."""


class Call:
    """A talk of which one answer is broken."""

    kept = 2

    def __init__(self, talk: Talk, loop: asyncio.AbstractEventLoop) -> None:
        """Keep the talk."""
        self.name = f"{talk.vendor} {talk.name}"
        self.talk = talk
        self._loop = loop
        self._places: dict[int, list[Path]] = {}
        self.breakable = [
            index
            for index, exchange in enumerate(talk.exchanges)
            if len(exchange.answer.body) < _LARGEST
        ]

    def break_one(self, rng: Random) -> Any:
        """Return which answer is broken, with its status and body."""
        index = rng.choice(self.breakable)
        status, body = self.talk.exchanges[index].answer
        told = _json(body)
        if told is None or not rng.randrange(4):
            if not rng.randrange(3):
                status = rng.choice(_STATUSES)
            return [index, status, broken_bytes(body, rng)]
        if index not in self._places:
            self._places[index] = places(told, 0)
        return [index, status, broken(told, self._places[index], rng)]

    def feed(self, case: Any) -> None:
        """Have the account ask."""
        replay, _ = self.answering(case)
        run(self._loop, self.talk.replay(replay))

    def answering(self, case: Any) -> tuple[Replay, Answer]:
        """Return a session that gives the broken answer among the good ones, and that answer."""
        index, status, told = case
        exchanges = list(self.talk.exchanges)
        answer = Answer(status, told if isinstance(told, bytes) else as_body(told))
        exchanges[index] = Exchange(exchanges[index].question, answer)
        return Replay(exchanges), answer


def run(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, None]) -> None:
    """Run some work, and raise also what a task beside it has ended with."""
    begun: list[asyncio.Task[Any]] = []

    def begin(
        loop: asyncio.AbstractEventLoop, coro: Coroutine[Any, Any, Any], **kwargs: Any
    ) -> asyncio.Task[Any]:
        """Begin a task, and remember it."""
        begun.append(task := asyncio.Task(coro, loop=loop, **kwargs))
        return task

    loop.set_task_factory(begin)
    try:
        loop.run_until_complete(work)
    finally:
        ended = [task for task in begun[1:] if task.done() and not task.cancelled()]
        for error in filter(None, [task.exception() for task in ended]):
            raise error


def _json(body: bytes) -> Any:
    """Return what a body says, `None` if it is no JSON."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def check(result: object, inventory: Inventory) -> None:
    """Check all that came.

    Raises:
        UnsoundError: Something cannot be shown or stored.
    """
    if isinstance(result, FeedResult):
        for key, error in result.failed.items():
            if not isinstance(error, ApiError):
                raise UnsoundError(f"{key} failed with {error!r}")
        for key, record in result.records.items():
            check_record(record)
            check_shown(inventory.devices.get(key), record)
        result = result.inventory
    if isinstance(result, Inventory):
        orjson.dumps([device.__dict__ for device in result.devices.values()])
    elif isinstance(result, Record):
        check_record(result)
    elif isinstance(result, dict):
        for key, value in result.items():
            check_value(key, value)


class Interview:
    """Asks an account of the simulator for all that it can be asked, and keeps the answers."""

    def __init__(
        self,
        vendor: str,
        data: Mapping[str, Any],
        session: aiohttp.ClientSession,
        clock: Clock,
    ) -> None:
        """Begin without knowing anything."""
        self._vendor = vendor
        self._data = data
        self._session = session
        self._clock = clock
        self._house = House()
        # Whose past was asked for: that of others is told alike.
        self._told: set[Role] = set()
        self.talks: list[Talk] = []

    async def hold(self) -> list[Talk]:
        """Ask for everything, and return what was said."""
        house = self._house
        house.inventory = cast("Inventory", await self._keep("discover", _discover))
        fresh = connect(self._vendor, self._data, self._session, self._clock, house)
        feeds = [feed.name for feed in fresh.feeds]
        for name in [*feeds, *feeds]:
            found = await self._keep(f"feed {name}", _fetching(name, house.inventory))
            if isinstance(found, FeedResult) and found.inventory is not None:
                house.inventory = found.inventory
        for device in house.inventory.devices.values():
            await self._ask_for(device, fresh)
        return self.talks

    async def _ask_for(self, device: Device, account: Account) -> None:
        """Ask for all that one device can tell, and have it do some of what it can."""
        for resolution in () if device.role in self._told else Resolution:
            if keys := account.history_keys(device, resolution):
                asked = _past(device, resolution, keys, self._clock.now())
                await self._keep(f"{resolution} of {device.kind}", asked)
        self._told.add(device.role)
        if device.role is not Role.SYSTEM:
            return
        record = await self._keep(f"settings of {device.kind}", _reading(device))
        await self._keep(f"clock of {device.kind}", _clock(device))
        await self._keep(f"authority over {device.kind}", _taken(device))
        if not isinstance(record, Record):
            return
        self._house.records[device.key] = record
        for change in list(changes(record))[:_WRITES]:
            kind = type(change).__name__
            await self._keep(f"{kind} of {device.kind}", _writing(device, change))

    async def _keep(self, name: str, ask: Ask) -> object:
        """Ask the real server, and keep the talk if anything was said."""
        recorder = Recorder(self._session, self._clock)
        house, began = pickle.dumps(self._house), self._clock.now()
        account = connect(self._vendor, self._data, recorder, self._clock, self._house)
        result: object = None
        with suppress(*TYPED):
            async with listening(account, recorder, self._house.inventory):
                result = await ask(account)
        if recorder.exchanges:
            self.talks.append(
                Talk(
                    self._vendor,
                    name,
                    self._data,
                    ask,
                    house,
                    began,
                    tuple(recorder.exchanges),
                )
            )
        await self._clock.sleep(1)
        return result


async def _discover(account: Account) -> Inventory:
    """Find the devices."""
    return await account.discover()


def _fetching(name: str, inventory: Inventory) -> Ask:
    """Return what fetches a feed for all that it is about."""

    async def ask(account: Account) -> FeedResult:
        feed = next(feed for feed in account.feeds if feed.name == name)
        return await feed.fetch(
            [device for device in inventory.devices.values() if feed.is_about(device)]
        )

    return ask


def _past(
    device: Device, resolution: Resolution, keys: frozenset[str], now: datetime
) -> Ask:
    """Return what asks for a little of the past."""
    days = 2 if resolution in (Resolution.RECORDS, Resolution.HOUR) else 40
    request = HistoryRequest(
        start=now - timedelta(days=days),
        end=now,
        resolution=resolution,
        keys=keys,
        time_zone=BERLIN,
    )

    async def ask(account: Account) -> None:
        history = await account.history(device, request)
        for key, points in history.points.items():
            for point in points:
                check_value(key, point.value)

    return ask


def _reading(device: Device) -> Ask:
    """Return what reads a device's settings, and could write its schedule back."""

    async def ask(account: Account) -> Record:
        record = await account.read(device)
        if record.schedule is not None:
            same = ScheduleChange(record.schedule.schedule).completed(record)
            same.held_by(record)
            with suppress(ChangeError):
                same.check(record)
                await account.write(device, same, record)
        return record

    return ask


def _clock(device: Device) -> Ask:
    """Return what asks for a device's time, and sets it."""

    async def ask(account: Account) -> None:
        check_value("clock_offset", await account.read_clock(device))
        await account.set_clock(device)

    return ask


def _taken(device: Device) -> Ask:
    """Return what asks whether somebody else steers a device."""

    async def ask(account: Account) -> None:
        await account.is_taken(device)

    return ask


def _writing(device: Device, change: Change) -> Ask:
    """Return what makes a change as the integration does: read, write, read."""

    async def ask(account: Account) -> Record:
        before = await account.read(device, change)
        wanted = change.completed(before)
        wanted.check(before)
        await account.write(device, wanted, before)
        after = await account.read(device, wanted, before)
        wanted.held_by(after)
        return after

    return ask


def changes(record: Record) -> Iterator[Change]:
    """Yield changes that a device should take."""
    if record.schedule is not None:
        yield ScheduleChange(record.schedule.schedule)
    for key, control in record.controls.items():
        if isinstance(control, NumberControl):
            yield ControlChange({key: control.minimum})
            yield ControlChange({key: control.maximum})
        elif isinstance(control, ChoiceControl):
            yield from (ControlChange({key: word}) for word in control.options[:2])
