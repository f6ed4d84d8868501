"""What an endpoint is, and what it answers with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
import json
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from ..jsontypes import Json
from .body import Struct
from .device import XStorage
from .errors import InvalidError
from .signin import Role

if TYPE_CHECKING:
    from .card import CommCard

READY: Final = "Content Ready"
UPDATED: Final = "Successfully updated"
FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What goes into the envelope, or is all there is if bare."""

    result: Json = None
    message: str = READY
    bare: bool = False

    def body(self) -> Json:
        """Return the whole answer."""
        if self.bare:
            return self.result
        return {"successful": True, "message": self.message, "result": self.result}


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call that has been let in."""

    card: CommCard
    role: Role | None
    path: str
    query: Mapping[str, str]
    text: str
    content_type: str
    match: Mapping[str, str]

    @property
    def unit(self) -> XStorage:
        """Return the unit."""
        return self.card.device

    def now(self) -> datetime:
        """Return house time."""
        return self.card.clock.house_now()

    def struct(self, name: str) -> Struct:
        """Return the body as an object."""
        return Struct(name, self.json())

    def json(self) -> Json:
        """Return the body, or complain of what is no JSON."""
        if not self.text:
            raise InvalidError("EOF")
        try:
            body: Json = json.loads(self.text)
        except ValueError:
            raise InvalidError("invalid character in JSON") from None
        return body

    def form(self) -> Mapping[str, str]:
        """Return a form's fields; anything else has none."""
        if self.content_type != FORM:
            return {}
        return dict(parse_qsl(self.text))


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One endpoint; `step` is what a refused body is said to have failed in."""

    method: str
    path: str
    answer: Callable[[Call], Reply]
    technician: bool = False
    anyone: bool = False
    write: bool = False
    setup: bool = False
    step: str = ""
