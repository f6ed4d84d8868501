"""What is fed with broken answers, and what may come of that."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time
import math
from random import Random
import signal
from types import FrameType
from typing import Any, Final, Protocol

from custom_components.home_battery.battery.errors import ChangeError
from custom_components.home_battery.battery.model import Record
from custom_components.home_battery.transport.errors import ApiError

TYPED: Final = (ApiError, ChangeError)
_PATIENCE: Final = 10.0
_OURS: Final = "custom_components/home_battery/"


class UnsoundError(Exception):
    """Something came out that cannot be a state."""


class HangError(KeyboardInterrupt):
    """It takes far too long; an event loop lets this one through."""


class Subject(Protocol):
    """Something that takes what a server says."""

    name: str
    # How deep a case is made up of what is ours, and stays as it is.
    kept: int

    def break_one(self, rng: Random) -> Any:
        """Return a broken input, which is as JSON but for bytes."""

    def feed(self, case: Any) -> None:
        """Take it.

        Raises:
            ApiError: It is refused.
            ChangeError: It cannot be told to the device.
            Exception: Anything else is a defect.
        """


@dataclass(frozen=True)
class Outcome:
    """What came of a case: understood, refused with one of our errors, or a defect.

    Attributes:
        refused: It was refused as it should be.
        defect: What happened, and where.
        words: What else there is to say of that.
    """

    refused: bool = False
    defect: str | None = None
    words: str = ""


def outcome(feed: Callable[[Any], None], case: Any) -> Outcome:
    """Feed a case, and say what came of it; one that hangs is a defect."""
    signal.setitimer(signal.ITIMER_REAL, _PATIENCE)
    try:
        feed(case)
    except TYPED:
        return Outcome(refused=True)
    # What else may come is what is looked for.
    except (Exception, HangError) as err:  # noqa: BLE001
        return Outcome(defect=_described(err), words=str(err)[:200])
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return Outcome()


def _described(error: BaseException) -> str:
    """Return what happened, and where in the integration."""
    place, trace = "", error.__traceback__
    while trace is not None:
        path = trace.tb_frame.f_code.co_filename
        if _OURS in path:
            place = f" at {path.rpartition(_OURS)[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__}{place}"


@contextmanager
def watched_time() -> Iterator[None]:
    """Have what hangs be interrupted meanwhile."""
    remaining, _ = signal.setitimer(signal.ITIMER_REAL, 0)
    former = signal.signal(signal.SIGALRM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGALRM, former)
        signal.setitimer(signal.ITIMER_REAL, remaining)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """Interrupt what hangs."""
    raise HangError(f"nothing came of it in {_PATIENCE:g} s")


def check_record(record: Record) -> None:
    """Check that a record can be shown.

    Raises:
        UnsoundError: A reading is no number, text, flag or moment, or a control none.
    """
    for key, value in record.values.items():
        check_value(key, value)
    for key, control in record.controls.items():
        for name, value in vars(control).items():
            if isinstance(value, float) and not math.isfinite(value):
                raise UnsoundError(f"{name} of {key} is {value}")


def check_value(key: str, value: object) -> None:
    """Check that a reading can be a state.

    Raises:
        UnsoundError: It cannot.
    """
    if not isinstance(value, str | bool | int | float | datetime | time):
        raise UnsoundError(f"{key} is a {type(value).__name__}")
    if isinstance(value, int | float) and not math.isfinite(value):
        raise UnsoundError(f"{key} is {value}")
