"""The contract that a vendor fulfils."""

from abc import ABC, abstractmethod
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Coroutine,
    Mapping,
    Sequence,
)
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final

import aiohttp

from homeassistant.helpers.selector import Selector

from ..battery.change import Change
from ..battery.history import History, HistoryRequest, Resolution
from ..battery.model import Device, Happening, Inventory, Record, Role
from ..battery.override import Override, Plan, Stint
from ..descriptions import Hold, Tables
from ..transport.beat import Pace
from ..transport.clock import Clock
from ..transport.errors import (
    ApiError,
    AuthenticationError,
    LimitError,
    UnsupportedError,
)
from ..transport.limiter import Limiter
from .endpoint import Endpoint
from .oauth import AccessToken, SignIn
from .parameters import Parameters

READINGS: Final = "readings"
SETTINGS: Final = "settings"
IDENTITY: Final = "identity"
QUOTA: Final = "quota"
TOTALS: Final = "totals"
FAULTS: Final = "faults"
CLOCK: Final = "clock"


@dataclass(frozen=True, kw_only=True)
class FeedResult:
    """What one round of a feed brought.

    Attributes:
        records: A record per device key; a device that sent none is left out.
        failed: What went wrong with a single device, by device key.
        inventory: The devices as they are now, where the feed is about that.
        happenings: What has happened since the last round, by device key.
    """

    records: Mapping[str, Record] = field(default_factory=dict)
    failed: Mapping[str, ApiError] = field(default_factory=dict)
    inventory: Inventory | None = None
    happenings: Mapping[str, Sequence[Happening]] = field(default_factory=dict)


type Push = Callable[[FeedResult], None]


async def one_by_one(
    devices: Sequence[Device], read: Callable[[Device], Awaitable[Record | None]]
) -> FeedResult:
    """Ask for devices one after the other; one that fails takes only itself down.

    Raises:
        AuthenticationError: There is no sense in asking on.
        LimitError: As well.
    """
    records: dict[str, Record] = {}
    failed: dict[str, ApiError] = {}
    for device in devices:
        try:
            record = await read(device)
        except AuthenticationError, LimitError:
            raise
        except ApiError as err:
            failed[device.key] = err
        else:
            if record is not None:
                records[device.key] = record
    return FeedResult(records=records, failed=failed)


@dataclass(frozen=True, kw_only=True)
class Feed:
    """One kind of data, fetched together at one pace.

    Attributes:
        name: A key such as `readings`.
        interval: How often it is worth asking.
        roles: What the devices that it is about are to the house.
        kinds: The kinds of those devices, if not all.
        fetch: Fetches it for some devices. Raises ApiError if nothing came.
        apart: Each device takes calls of its own, so they are asked and shown
            one after the other.
        patience: How long powers stand, and a device counts as there, when
            nothing new comes.
        burst: How often it is asked for a little while after a change.
        pace: How each device may be asked, where the feed follows the rhythm of
            their uploads in place of its interval.
        listen: Begins to hand on what comes unasked, and returns what ends that.
            Polling goes on beside it; to ask for nothing then is the vendor's part.
    """

    name: str
    interval: timedelta
    roles: frozenset[Role]
    fetch: Callable[[Sequence[Device]], Awaitable[FeedResult]]
    kinds: frozenset[str] | None = None
    apart: bool = False
    patience: timedelta = Hold.SHORT.value
    burst: timedelta | None = None
    pace: Callable[[Device], Pace] | None = None
    listen: Callable[[Push], Callable[[], Coroutine[Any, Any, None]]] | None = None

    def is_about(self, device: Device) -> bool:
        """Tell whether a device is asked for."""
        return device.role in self.roles and (
            self.kinds is None or device.kind in self.kinds
        )


@dataclass(frozen=True, kw_only=True)
class Connection:
    """What the house gives an account to work with.

    Attributes:
        session: An HTTP session without cookies.
        clock: The time.
        limiter: The limits of these credentials, shared by all who use them.
        data: The config entry's data: address and credentials.
        options: The config entry's options.
        watch_only: No write may leave.
        memory: What was learned of each device, by device key; it is stored.
        known: The settings of a device as last read, by device key.
        inventory: Every device that the account was last found to have.
        zone: The zone whose wall clock a device lives by.
        language: The language of the house, such as `de`.
        permitted_export: What the systems may be told to export, in W.
        access_token: Gives the access tokens, where a person has signed in.
        user_agent: How we call ourselves.
    """

    session: aiohttp.ClientSession
    clock: Clock
    limiter: Limiter
    data: Mapping[str, Any] = field(repr=False)
    options: Mapping[str, Any] = field(default_factory=dict)
    watch_only: bool = True
    memory: dict[str, dict[str, Any]] = field(default_factory=dict)
    known: Callable[[str], Record | None] = lambda _key: None
    inventory: Callable[[], Inventory] = Inventory
    zone: Callable[[Device], tzinfo] = lambda _device: UTC
    language: str = "en"
    permitted_export: float | None = None
    access_token: AccessToken | None = None
    user_agent: str


class Account(ABC):
    """What one config entry connects to."""

    @property
    def parameters(self) -> Parameters | None:
        """Return the settings by name, where the vendor documents such."""
        return None

    @property
    @abstractmethod
    def feeds(self) -> Sequence[Feed]:
        """Return the feeds, the readings first."""

    @abstractmethod
    async def discover(self) -> Inventory:
        """Find every device of the account, in as few calls as can be.

        Raises:
            ApiError: The account could not be asked.
        """

    @abstractmethod
    async def read(
        self,
        device: Device,
        change: Change | None = None,
        known: Record | None = None,
    ) -> Record:
        """Read a system's controls and schedule from the device, now.

        Args:
            device: The system.
            change: Read only what this change is about; without one, all that
                was not read lately.
            known: What was read before; stands for what is not read now.

        Raises:
            ApiError: The device or the vendor did not answer.
        """

    @abstractmethod
    async def write(self, device: Device, change: Change, before: Record) -> None:
        """Send a change that was checked and is not held yet.

        Args:
            device: The system.
            change: What it shall hold.
            before: What it held a moment ago, for what is written whole.

        Raises:
            ChangeError: It cannot be said to this device; nothing was sent.
            RejectedError: The vendor refused it.
            TransientError: It is not known whether the device took it.
        """

    def wears(self, change: Change) -> bool:
        """Tell whether a change goes into a memory that bears few writes."""
        return True

    def plan(
        self, device: Device, override: Override, stint: Stint, settings: Record
    ) -> Plan | None:
        """Return how a device is told a stint of an override in a way of its own.

        Args:
            device: The system.
            override: What is wanted.
            stint: What of it the device is to be told now.
            settings: What it holds, and can hold.

        Returns:
            The plan, `None` where its schedule says it best.

        Raises:
            ChangeError: It cannot be told so.
        """
        return None

    def resumption(self, device: Device, settings: Record) -> Change | None:
        """Return what ends an override that would end by itself later, if anything."""
        return None

    async def is_taken(self, device: Device) -> bool:
        """Tell whether something else steers a device remotely, such as a power plant.

        Raises:
            ApiError: The device or the vendor did not answer.
        """
        return False

    async def press(self, device: Device, key: str) -> None:
        """Do what a button of a device stands for.

        Raises:
            RejectedError: The vendor refused it.
            TransientError: It is not known whether the device did it.
        """
        raise UnsupportedError("The device has no such button")

    async def read_clock(self, device: Device) -> float:
        """Return how many seconds a device's clock is ahead of its zone's time.

        Raises:
            ApiError: The device did not answer, or does not tell its time.
        """
        raise UnsupportedError("The device does not tell its time")

    async def set_clock(self, device: Device) -> None:
        """Set a device's clock to its zone's time.

        Raises:
            RejectedError: The vendor refused it.
            TransientError: It is not known whether the device took it.
        """
        raise UnsupportedError("The device's clock cannot be set")

    def history_keys(self, device: Device, resolution: Resolution) -> frozenset[str]:
        """Return the readings whose past the vendor tells so finely, if any."""
        return frozenset()

    @property
    def history_days(self) -> int:
        """Return how many days of the past are best asked for at once."""
        return 1

    def history_reach(self, resolution: Resolution) -> timedelta | None:
        """Return how far back the vendor keeps that, `None` if no end is known."""
        return None

    def history_calls(self, device: Device, request: HistoryRequest) -> int:
        """Return how many calls a history costs; nothing is sent."""
        return 0

    async def history(self, device: Device, request: HistoryRequest) -> History:
        """Fetch a part of a device's past; a key without any may be left out.

        Raises:
            ApiError: The vendor did not answer, or the limits forbid a call.
        """
        return History()

    def export(
        self, device: Device, start: datetime, end: datetime, form: str
    ) -> AsyncIterator[bytes]:
        """Yield a stretch of a device's past, as the vendor's own file has it.

        Args:
            device: Whose past it is.
            start: The first moment.
            end: The first moment that is not wanted any more, never in the future.
            form: One of the vendor's `exports`.

        Raises:
            ApiError: The vendor did not answer.
        """
        raise UnsupportedError("The vendor exports nothing")

    @abstractmethod
    async def call(self, name: str, parameters: Mapping[str, Any]) -> Any:
        """Make one of the vendor's documented calls, and return what it answers.

        Args:
            name: A key of the vendor's endpoints.
            parameters: As the vendor documents them.

        Raises:
            ApiError: It failed, or is one that is not to be made.
        """


@dataclass(frozen=True, kw_only=True)
class Vendor:
    """A vendor, as the rest of the integration sees it.

    Attributes:
        key: Prefix of every identifier, for ever.
        name: The manufacturer's name.
        credential: What limits are kept by of an entry's data: the secret, or what
            stands for one that changes by itself.
        base_url: The address part of an entry's data.
        connect: Makes an account from a connection; sends nothing.
        anchor: The part of an account that outlives a new token.
        account_id: What of an entry's data outlives all its devices, if anything;
            it comes before the anchor.
        tables: The entities beyond the common ones.
        endpoints: Every documented call by a name of its own.
        sign_in: How a person signs in with the vendor, where that is possible.
        read_only: There is nothing that its devices could be told.
        options: What else a person can choose, by the option's name.
        check_options: What is wrong with that: keys of errors, by the option's name.
        exports: The forms of the files that it exports.
        silent_issue: The repair issue that says what is known when it has not
            answered for a day.
    """

    key: str
    name: str
    credential: Callable[[Mapping[str, Any]], str]
    base_url: Callable[[Mapping[str, Any]], str]
    connect: Callable[[Connection], Account]
    anchor: Callable[[Inventory], str]
    tables: Tables
    endpoints: Mapping[str, Endpoint]
    sign_in: SignIn | None = None
    account_id: Callable[[Mapping[str, Any]], str] | None = None
    read_only: bool = False
    options: Mapping[str, Selector[Any]] = field(default_factory=dict)
    check_options: Callable[[Mapping[str, Any]], dict[str, str]] = lambda _given: {}
    exports: tuple[str, ...] = ()
    silent_issue: str | None = None
