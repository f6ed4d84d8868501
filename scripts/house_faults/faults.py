"""The faults that every vendor's server can have, and what is to come of them.

What is expected stands in the design ("Failure", "Writes", "Feeds and records"),
the README and the notes on the wire: a server that fails, or whatever stands in
its place, is no refusal of anybody's credentials; what it showed stands for its
time; a write of which nobody knows is looked for and not sent again.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from simulator import Simulation
from simulator.faults import Fault as Cause

from .model import NOTHING, Brand, Fate, Fault, Loss, Outcome, Turn
from .stage import Stage

# The vendor's server or what stands before it fails.
DOWN: Final = Outcome()
# It was asked, and did what it was asked.
ANSWER_LOST: Final = Outcome(write=Fate.DONE)
# An answer in which nothing can be read need not be a failure.
UNREADABLE: Final = Outcome(write=Fate.DONE, loss=Loss.UNREAD, quiet=True)
NOT_REACHED: Final = Outcome(write=Fate.REFUSED, everywhere=True)
LIMITED: Final = Outcome(key="rate_limited", write=Fate.REFUSED)
SPENT: Final = Outcome(
    key="quota_exhausted",
    write=Fate.REFUSED,
    issue="quota",
    back=timedelta(minutes=70),
    everywhere=True,
)
# Values stand, go and come back; it is no failure of the vendor's.
SILENT: Final = Outcome(
    key=None, quiet=True, back=timedelta(minutes=20), everywhere=True, lingers=True
)
SIGNED_OUT: Final = Outcome(key="authentication_error", write=Fate.REFUSED, reauth=True)
# What is refused for good is remembered, and doubted a day later.
LACKING: Final = Outcome(
    key="unsupported", write=Fate.REFUSED, quiet=True, back=timedelta(days=1)
)
REFUSED: Final = Outcome(
    key="refused", write=Fate.REFUSED, quiet=True, back=timedelta(days=1)
)
# It is asked for again once devices were looked for, by feeds of up to an hour.
LOOKED_FOR: Final = timedelta(hours=13)
UNKNOWN_DEVICE: Final = Outcome(
    key="unknown_device",
    write=Fate.REFUSED,
    quiet=True,
    back=LOOKED_FOR,
)


def status(code: int, outcome: Outcome = DOWN) -> Fault:
    """Return an HTTP status in place of an answer."""
    return Fault(name=f"HTTP {code}", kind="status", value=code, outcome=outcome)


def code(number: int | str, outcome: Outcome) -> Fault:
    """Return an error code of the vendor's own."""
    return Fault(name=f"code {number}", kind="errno", value=number, outcome=outcome)


async def _no_names(stage: Stage) -> None:
    """Let no name be found, also not by who has just found it."""
    stage.net.resolves = False
    await stage.leap(timedelta(seconds=20))
    stage.server.hang_up()


def _names(stage: Stage) -> None:
    """Let names be found again."""
    stage.net.resolves = True


async def _wait_for(stage: Stage, hour: int) -> None:
    """Let time pass up to an hour of the houses' clock."""
    now = stage.now().astimezone(_ZONE)
    await stage.leap(timedelta(hours=(hour - now.hour) % 24))


async def _fall_asleep(stage: Stage) -> None:
    """Let the sun set, if it has not."""
    await _wait_for(stage, _DARK)


def _certificate(kind: str | None) -> Turn:
    """Return what has the server show a certificate."""

    def show(stage: Stage) -> None:
        stage.net.show(kind)
        stage.server.hang_up()

    return show


def network(certificate: Outcome) -> tuple[Fault, ...]:
    """Return what can be wrong on the way to a server."""
    return (
        Fault(name="no DNS", outcome=NOT_REACHED, begin=_no_names, end=_names),
        Fault(
            name="refused",
            outcome=NOT_REACHED,
            begin=lambda stage: stage.server.shut(),
            end=lambda stage: stage.server.open(),
        ),
        *(
            Fault(
                name=f"certificate {kind}",
                outcome=replace(certificate, everywhere=True),
                begin=_certificate(kind),
                end=_certificate(None),
            )
            for kind in ("wrong name", "expired", "untrusted")
        ),
    )


CONNECTION: Final = (
    Fault(name="time-out", kind="timeout", outcome=ANSWER_LOST),
    Fault(name="hung up", kind="refuse", outcome=DOWN),
    Fault(name="reset", kind="reset", outcome=DOWN),
    Fault(name="reset in the body", kind="reset_in_body", outcome=ANSWER_LOST),
    Fault(name="slow", kind="slow", value=5, outcome=NOTHING),
)
ANSWERS: Final = (
    Fault(name="redirect", kind="redirect", value="http://127.0.0.1:9/", outcome=DOWN),
    Fault(name="HTML", kind="html", outcome=DOWN),
    Fault(name="empty", kind="empty", outcome=replace(ANSWER_LOST, quiet=True)),
    Fault(name="truncated", kind="truncated", outcome=UNREADABLE),
    Fault(name="oversized", kind="oversized", value=9, outcome=ANSWER_LOST),
    Fault(name="wrong types", kind="wrong_types", outcome=UNREADABLE),
    Fault(name="nulls", kind="nulls", outcome=UNREADABLE),
)
_NO_FEEDS: Final = frozenset[str]()
# They have been asked, and what they show is gone, before a list is asked anew.
_SOON: Final = frozenset(
    {"readings", "settings", "totals", "loggers", "parts", "statistics"}
)
# By then all has been asked that does not stand for many hours.
_ASKED: Final = timedelta(minutes=65)
_READINGS: Final = frozenset({"readings"})
# From then on there is no sun over the houses, for some hours.
_DARK: Final = 23
# And from then on there is.
_LIGHT: Final = 9
_ZONE: Final = ZoneInfo("Europe/Berlin")
# What devices send is the readings' alone, and no write has to do with it.
_LAPSES: Final = {
    "stale": "stale records",
    "offline": "device offline",
    "glitch": "glitching counters",
}
_STATUSES: Final = (400, 401, 403, 404, 408, 429, 500, 502, 503, 504)


def _put_clock(ahead: timedelta) -> Turn:
    """Return what puts the clock of Home Assistant's machine ahead.

    What was known by then has become so much older, and is asked for anew.
    """

    async def put(stage: Stage) -> None:
        stage.clock.home.ahead = ahead
        await stage.leap(_ASKED)

    return put


def _put_clock_right(stage: Stage) -> None:
    """Put the clock of Home Assistant's machine right again."""
    stage.clock.home.ahead = timedelta(0)


def _hide(serial: Callable[[Simulation], str]) -> Turn:
    """Return what lets a device be gone from an account, until faults are ended."""

    async def hide(stage: Stage) -> None:
        # What is silent by night may be asleep.
        await _wait_for(stage, _LIGHT)
        cause = Cause(
            vendor=stage.brand.key, kind="missing_device", value=serial(stage.sim)
        )
        stage.sim.faults.add(cause)

    return hide


def vanishing(serial: Callable[[Simulation], str], *names: str) -> tuple[Fault, ...]:
    """Return how one device of several vanishes, and what is shown of it then.

    It is back by itself, whether only its readings or the vendor's list were
    asked meanwhile.
    """
    vanishes = Fault(
        name="device vanishes",
        begin=_hide(serial),
        outcome=replace(NOTHING, everywhere=True),
        feeds=_READINGS,
        writes=False,
        tells=dict.fromkeys(names, "unavailable"),
    )
    return (
        vanishes,
        replace(vanishes, name="device off the list", feeds=frozenset({"identity"})),
    )


def wrong_readings(
    kinds: Mapping[str, str], tells: Mapping[str, str]
) -> tuple[Fault, ...]:
    """Return what devices tell wrongly now and then; nothing of it is believed."""
    return tuple(
        Fault(
            name=name,
            kind=kind,
            outcome=replace(NOTHING, everywhere=True),
            feeds=_READINGS,
            writes=False,
            tells=tells,
        )
        for kind, name in kinds.items()
    )


def _missing(brand: Brand) -> tuple[Fault, ...]:
    """Return that no device can be found, where a vendor has a list of them."""
    if brand.missing is None:
        return ()
    return (
        Fault(
            name="missing devices",
            kind="missing_device",
            outcome=replace(brand.missing, everywhere=True),
            feeds=_SOON,
        ),
    )


def common(brand: Brand) -> tuple[Fault, ...]:
    """Return the faults that every vendor's server can have."""
    return (
        *network(brand.certificate),
        *CONNECTION,
        *ANSWERS,
        Fault(
            name="no result", kind="no_result", outcome=brand.no_result or UNREADABLE
        ),
        *(status(number, brand.statuses.get(number, DOWN)) for number in _STATUSES),
        Fault(
            name="night",
            begin=_fall_asleep,
            outcome=replace(NOTHING, everywhere=True),
            feeds=_READINGS,
            tells=brand.night,
        ),
        *(
            Fault(
                name=f"clock {word}",
                begin=_put_clock(ahead),
                end=_put_clock_right,
                outcome=replace(brand.wrong_clock, everywhere=True),
            )
            for word, ahead in {"ahead": brand.wrong, "behind": -brand.wrong}.items()
        ),
        *_missing(brand),
        Fault(name="write lost", kind="write_lost", outcome=DOWN, feeds=_NO_FEEDS),
        Fault(
            name="write taken late",
            kind="write_delayed",
            value=20,
            outcome=NOTHING,
            feeds=_NO_FEEDS,
        ),
        *(
            Fault(
                name=name,
                kind=kind,
                outcome=SILENT,
                feeds=_READINGS,
                writes=False,
            )
            for kind, name in _LAPSES.items()
            if kind in brand.lapses
        ),
    )
