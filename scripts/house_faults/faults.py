"""The faults that every vendor's server can have, and what is to come of them.

What is expected stands in the design ("Failure", "Writes", "Feeds and records"),
the README and the notes on the wire: a server that fails, or whatever stands in
its place, is no refusal of anybody's credentials; what it showed stands for its
time; a write of which nobody knows is looked for and not sent again.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from .model import Brand, Fate, Fault, Loss, Outcome, Turn
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
NOTHING: Final = Outcome(key=None, write=Fate.DONE, loss=Loss.NOTHING)
# Values stand, go and come back; it is no failure of the vendor's.
SILENT: Final = Outcome(
    key=None, quiet=True, back=timedelta(minutes=20), everywhere=True
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


async def _fall_asleep(stage: Stage) -> None:
    """Let the sun set, if it has not."""
    now = stage.now().astimezone(_ZONE)
    hours = (_DARK - now.hour) % 24
    await stage.leap(timedelta(hours=hours))


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
_READINGS: Final = frozenset({"readings"})
# From then on there is no sun over the houses, for some hours.
_DARK: Final = 23
_ZONE: Final = ZoneInfo("Europe/Berlin")
# What devices send is the readings' alone, and no write has to do with it.
_LAPSES: Final = {
    "stale": "stale records",
    "offline": "device offline",
    "glitch": "glitching counters",
}
_STATUSES: Final = (400, 401, 403, 404, 408, 429, 500, 502, 503, 504)


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
        ),
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
