"""The faults that every vendor's server can have, and what is to come of them.

What is expected stands in the design ("Failure", "Writes", "Feeds and records"),
the README and the notes on the wire: a server that fails, or whatever stands in
its place, is no refusal of anybody's credentials; what it showed stands for its
time; a write of which nobody knows is looked for and not sent again.
"""

from typing import Final

from .model import Fate, Fault, Loss, Outcome

# The vendor's server or what stands before it fails.
DOWN: Final = Outcome()
# It was asked, and did what it was asked.
ANSWER_LOST: Final = Outcome(write=Fate.DONE)
# An answer in which nothing can be read need not be a failure.
UNREADABLE: Final = Outcome(write=Fate.DONE, quiet=True)
NOT_REACHED: Final = Outcome(write=Fate.REFUSED)
LIMITED: Final = Outcome(key="rate_limited", write=Fate.REFUSED)
LATE: Final = Outcome(key=None, write=Fate.DONE, loss=Loss.NOTHING)
SIGNED_OUT: Final = Outcome(
    key="authentication_error", write=Fate.REFUSED, reauth=True
)
LACKING: Final = Outcome(key="unsupported", write=Fate.REFUSED, quiet=True)
REFUSED: Final = Outcome(key="refused", write=Fate.REFUSED, quiet=True)


def status(code: int, outcome: Outcome = DOWN) -> Fault:
    """Return an HTTP status in place of an answer."""
    return Fault(name=f"HTTP {code}", kind="status", value=code, outcome=outcome)


def code(number: int | str, outcome: Outcome) -> Fault:
    """Return an error code of the vendor's own."""
    return Fault(name=f"code {number}", kind="errno", value=number, outcome=outcome)


# What only writes can suffer.
WRITE_LOST: Final = Fault(
    name="write lost", kind="write_lost", outcome=DOWN, feeds=frozenset()
)
WRITE_LATE: Final = Fault(
    name="write taken late",
    kind="write_delayed",
    value=20,
    outcome=LATE,
    feeds=frozenset(),
)

CONNECTION: Final = (
    Fault(name="time-out", kind="timeout", outcome=ANSWER_LOST),
    Fault(name="hung up", kind="refuse", outcome=DOWN),
    Fault(name="reset", kind="reset", outcome=DOWN),
    Fault(name="reset in the body", kind="reset_in_body", outcome=ANSWER_LOST),
    Fault(name="slow", kind="slow", value=10, outcome=LATE),
)
ANSWERS: Final = (
    Fault(
        name="redirect", kind="redirect", value="http://127.0.0.1:9/", outcome=DOWN
    ),
    Fault(name="HTML", kind="html", outcome=DOWN),
    Fault(name="empty", kind="empty", outcome=ANSWER_LOST),
    Fault(name="truncated", kind="truncated", outcome=ANSWER_LOST),
    Fault(name="oversized", kind="oversized", value=9, outcome=ANSWER_LOST),
    Fault(name="wrong types", kind="wrong_types", outcome=UNREADABLE),
    Fault(name="nulls", kind="nulls", outcome=UNREADABLE),
    Fault(name="no result", kind="no_result", outcome=UNREADABLE),
)
