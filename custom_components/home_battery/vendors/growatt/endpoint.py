"""What one call of the Growatt cloud is, in the terms of the wire."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, override

import orjson

from ...transport.answers import question
from ...transport.errors import RejectedError
from ...transport.limiter import Limit
from ..endpoint import Access, Endpoint
from .envelope import Envelope
from .errors import Meaning

FIVE_SECONDS: Final = 5.0
TEN_SECONDS: Final = 10.0
MINUTE: Final = 60.0
FIVE_MINUTES: Final = 300.0

_DAY = 86400.0
# What other programs found to be needed between any two calls (notes, 1.10).
_SPACING = Limit("every call", 1, 3.0)

_SERIALS: Final = frozenset(
    {
        "dataloggerSn",
        "datalog_sn",
        "deviceSn",
        "device_sn",
        "devices",
        "inverters",
        "sn",
        "vppSn",
        *(
            f"{word}{end}"
            for word in (
                *("boost", "hps", "max", "mix", "pbd"),
                *("pcs", "spa", "storage", "tlx"),
            )
            for end in ("_sn", "s")
        ),
    }
)
# People around a plant, whatever the call.
_PEOPLE: Final = frozenset(
    {
        "c_user_email",
        "c_user_name",
        "installer",
        "operator",
        "pairviewuseraccount",
        "phonenum",
        "useraccount",
        "username",
        *(
            f"{who}{what}"
            for who in (
                *("designer", "financier", "installer", "jurisdiction"),
                *("offtaker", "operator", "owner"),
            )
            for what in ("contact", "organization")
        ),
    }
)


@dataclass(frozen=True, kw_only=True)
class GrowattEndpoint(Endpoint):
    """One call of the public API, or of the one behind the app.

    Attributes:
        method: GET with its parameters in the query, or POST with a form.
        path: The path below the server.
        parameters: What may be sent along.
        unused: What is sent for parameters that are not given.
        envelope: What the answer is wrapped in.
        meaning: Which error codes it has.
        seconds: Between two identical requests; 0 where nothing is documented.
        noah_seconds: The same about devices of type `noah`, where it differs.
        per_day: Calls a day, if that is limited.
    """

    method: str = "POST"
    path: str
    parameters: tuple[str, ...] = ()
    unused: Mapping[str, str] = field(default_factory=dict)
    envelope: Envelope = Envelope.V1
    meaning: Meaning = Meaning.DATA
    seconds: float = 0.0
    noah_seconds: float | None = None
    per_day: int | None = None
    names_device: frozenset[str] = _SERIALS
    secrets: frozenset[str] = _PEOPLE

    @property
    def write(self) -> bool:
        """Return whether it changes something."""
        return self.access is not Access.READ

    def request(self, given: Mapping[str, Any]) -> dict[str, str]:
        """Return everything that is sent, as text.

        Raises:
            RejectedError: The vendor documents no such parameter.
        """
        if unknown := given.keys() - set(self.parameters):
            raise RejectedError(f"No such parameter: {', '.join(sorted(unknown))}")
        return {**self.unused, **{key: _text(value) for key, value in given.items()}}

    def question(self, sent: Mapping[str, str]) -> str:
        """Return the name of an identical request, also of another version."""
        _, _, path = self.path.removeprefix("/").partition("/")
        return question(path, sent)

    def window(self, sent: Mapping[str, str]) -> float:
        """Return the seconds between two identical requests."""
        if self.noah_seconds is not None and sent.get("deviceType") == "noah":
            return self.noah_seconds
        return self.seconds

    def limits(self, sent: Mapping[str, str]) -> tuple[Limit, ...]:
        """Return every limit that a request counts against."""
        limits = [_SPACING]
        if window := self.window(sent):
            limits.append(Limit(self.question(sent), 1, window))
        if self.per_day is not None:
            limits.append(Limit(f"{self.path} a day", self.per_day, _DAY))
        return tuple(limits)

    @override
    def devices_in(self, parameters: Mapping[str, Any]) -> set[str]:
        """Return the serial numbers in parameters, which may hold many in one text."""
        return {
            serial.strip()
            for named in super().devices_in(parameters)
            for serial in named.split(",")
        }


def _text(value: Any) -> str:
    """Return a value as the vendor takes it in a form: flags are 0 and 1."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(int(value))
    return orjson.dumps(value).decode()
