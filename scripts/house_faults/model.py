"""What the matrix is made of: feeds, writes, and faults with what is to come of them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Final

from homeassistant.core import HomeAssistant
from scripts.house_demo.flow import Answers
from simulator import Simulation

if TYPE_CHECKING:
    from .stage import Stage

# What stands, however long what it came from is silent.
FOR_EVER: Final = timedelta(days=36500)
# How long values stand without a new record: powers, what is told every five
# minutes or half an hour, and what is asked for every hour, 4 hours and 12 hours.
POWER: Final = timedelta(minutes=15)
HOUR: Final = timedelta(hours=1)
HOURLY: Final = timedelta(hours=3)
SLOW: Final = timedelta(hours=12)
DAILY: Final = timedelta(hours=36)


@dataclass(frozen=True, kw_only=True)
class Feed:
    """A feed as a person sees it.

    Attributes:
        name: The feed's name.
        paths: Shell patterns of what it asks for.
        every: How often it asks, and how soon it is back when it can be.
        shows: What hangs on it, as `domain.kind.key`, and how long that stands.
        part_of: The feed of the integration that it is a part of, if not all of it.
        either: What can hardly be read may be no loss: what has happened stays so,
            and a number is one also where a text is documented.
    """

    name: str
    paths: tuple[str, ...]
    every: timedelta
    shows: Mapping[str, timedelta]
    part_of: str = ""
    either: bool = False

    @property
    def coordinator(self) -> str:
        """Return what the integration calls the feed."""
        return self.part_of or self.name


@dataclass(frozen=True, kw_only=True)
class Write:
    """A change that a person makes.

    Attributes:
        name: What the table calls it.
        paths: Shell patterns of where it is sent.
        method: How, where the same is read there.
        action: Domain and name of the action, or the names of the two.
        target: The entity it is about, as `domain.kind.key`; without one, the device.
        values: Two different ones, as data of the action.
        held: Which of them a device holds, by what the simulator says of it.
        steps: It takes several calls, and stops at the first of which nobody knows.
    """

    name: str
    paths: tuple[str, ...]
    action: tuple[str, ...]
    method: str | None = None
    target: str | None = None
    values: tuple[Mapping[str, Any], Mapping[str, Any]]
    held: Callable[[Any], int | None]
    steps: bool = False


class Fate(Enum):
    """What becomes of a write."""

    # The device holds it, and the person hears so, whatever became of the answer.
    DONE = auto()
    # It may have been taken and was not, and the person hears that nobody knows.
    UNKNOWN = auto()
    # The device holds it, but cannot be asked before the person hears of it.
    UNSEEN = auto()
    # It was certainly not taken, and the person hears why.
    REFUSED = auto()


class Loss(Enum):
    """What becomes of what a feed shows."""

    # It stands for its time, and goes.
    ALL = auto()
    # So it is, but where either is right.
    UNREAD = auto()
    # It stands.
    NOTHING = auto()


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What is to come of a fault.

    Attributes:
        key: The translation key of what a feed or a write fails with, if it does.
        write_key: That of a write, where it is another.
        write: What becomes of a write.
        loss: What becomes of what a feed shows.
        quiet: A feed may go on without a word.
        reauth: A person is asked for the credentials.
        issue: What the id of the repair issue begins with that is raised meanwhile.
        back: How long it may take to be back, if longer than the feed's interval.
        everywhere: It is about all feeds, whichever is asked.
        again: A call is refused for its token alone, and made again with another.
        lingers: What was told just before it is there to be asked for during it.
    """

    key: str | None = "communication_error"
    write_key: str | None = None
    write: Fate = Fate.UNKNOWN
    loss: Loss = Loss.ALL
    quiet: bool = False
    reauth: bool = False
    issue: str | None = None
    back: timedelta = timedelta(0)
    everywhere: bool = False
    again: bool = False
    lingers: bool = False


NOTHING: Final = Outcome(key=None, write=Fate.DONE, loss=Loss.NOTHING)

type Turn = Callable[[Stage], Awaitable[None] | None]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A row of the matrix.

    Attributes:
        name: What the table calls it.
        outcome: What is to come of it.
        kind: The simulator's fault, on the paths of a feed or a write.
        value: The fault's value.
        begin: What else brings it about, for everything at once.
        end: What ends that.
        feeds: The names of the feeds that it is about, if not all.
        writes: Whether it is about writes.
        tells: What single entities show before it is over, as shell patterns; before
            and after it they show something.
    """

    name: str
    outcome: Outcome
    kind: str | None = None
    value: str | float | None = None
    begin: Turn | None = None
    end: Turn | None = None
    feeds: frozenset[str] | None = None
    writes: bool = True
    tells: Mapping[str, str] = field(default_factory=dict)

    def is_about(self, column: Feed | Write) -> bool:
        """Tell whether there is such a cell."""
        if isinstance(column, Write):
            return self.writes
        return self.feeds is None or column.name in self.feeds


@dataclass(frozen=True, kw_only=True)
class Brand:
    """What is to be known of a vendor.

    Attributes:
        key: The vendor's key.
        way: How it is connected to, where that is another way than usual; then only
            the faults of that way are played.
        simulation: What is simulated.
        start: What is done with the simulation before anything is asked.
        cloud: What serves the vendor's API.
        answers: Answers to the steps of the flow, and of signing in again.
        prepare: What is done with Home Assistant before an account is added.
        agree: What comes back when a person has signed in at the vendor's page.
        feeds: The feeds.
        writes: The writes.
        faults: The faults that only this vendor has, its error codes among them.
        state: What the simulator says of the device that is written to.
        steered: The device that is written to, as `kind`.
        lapses: The faults that devices have, of which a cloud tells.
        night: What entities show once the sun has set, as shell patterns.
        missing: What comes of it when no device can be found any more.
        wrong: How far the clock of Home Assistant's machine can be wrong.
        wrong_clock: What comes of that.
        certificate: What comes of a wrong certificate.
        statuses: HTTP statuses that tell more than that the server fails.
        no_result: What comes of a good answer with nothing in it, if it means something.
    """

    key: str
    way: str = ""
    simulation: Mapping[str, Any]
    answers: Callable[[dict[str, Any]], Answers]
    cloud: Callable[[Simulation], Any]
    feeds: tuple[Feed, ...]
    writes: tuple[Write, ...] = ()
    faults: tuple[Fault, ...] = ()
    start: Callable[[Simulation], None] = lambda _sim: None
    prepare: Callable[[HomeAssistant, Simulation], Awaitable[None]] | None = None
    agree: Callable[[Simulation], dict[str, Any]] | None = None
    state: Callable[[Simulation], Any] = lambda _sim: None
    steered: str = ""
    lapses: tuple[str, ...] = ()
    night: Mapping[str, str] = field(default_factory=dict)
    missing: Outcome | None = None
    wrong: timedelta = timedelta(hours=2)
    wrong_clock: Outcome = NOTHING
    certificate: Outcome = Outcome(write=Fate.REFUSED)
    statuses: Mapping[int, Outcome] = field(default_factory=dict)
    no_result: Outcome | None = None

    @property
    def name(self) -> str:
        """Return what the table calls it."""
        return f"{self.key} {self.way}".strip()


def schedule(
    start: str, end: str, mode: str, *, enabled: bool = False, **more: float
) -> dict[str, Any]:
    """Return the data of an action that sets a schedule of one period, in force or not."""
    period = {"start": start, "end": end, "mode": mode, **more}
    return {"periods": [period], "enabled": enabled}
