"""What one call of an xStorage Home unit is, in the terms of the wire."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any, Final

from ...transport.errors import RejectedError
from ...transport.http import Request
from ..endpoint import Access, Endpoint

PREFIX: Final = "/api"
# The unit answers slowly while it is busy (Eaton notes, 1.3).
TIMEOUT: Final = 15.0

_BODIES: Final = {"POST", "PUT", "PATCH"}
# People around the unit; the same in every answer.
_SECRETS: Final = frozenset({"email", "techemail", "token"})


@dataclass(frozen=True, kw_only=True)
class EatonEndpoint(Endpoint):
    """One call below `/api`.

    Attributes:
        method: The HTTP method.
        path: The path, with `{names}` for the parameters that belong into it.
        parameters: What may be sent along: in the query, or as the body.
        form: The body is a form in place of JSON.
    """

    method: str = "GET"
    path: str
    parameters: tuple[str, ...] = ()
    form: bool = False
    secrets: frozenset[str] = _SECRETS
    about_the_only_device: bool = True

    @property
    def write(self) -> bool:
        """Return whether it changes something."""
        return self.access is not Access.READ

    @property
    def in_path(self) -> tuple[str, ...]:
        """Return the parameters that belong into the path."""
        return tuple(name for _, name, _, _ in Formatter().parse(self.path) if name)

    def request(self, given: Mapping[str, Any], headers: Mapping[str, str]) -> Request:
        """Return the request with these parameters.

        Raises:
            RejectedError: A parameter is missing or not documented.
        """
        if missing := set(self.in_path) - given.keys():
            raise RejectedError(f"Missing parameter: {', '.join(sorted(missing))}")
        if unknown := given.keys() - {*self.in_path, *self.parameters}:
            raise RejectedError(f"No such parameter: {', '.join(sorted(unknown))}")
        rest = {key: given[key] for key in self.parameters if key in given}
        in_body = self.method in _BODIES
        return Request(
            method=self.method,
            path=PREFIX
            + self.path.format(
                **{name: _segment(given[name]) for name in self.in_path}
            ),
            query={} if in_body else {key: str(item) for key, item in rest.items()},
            headers=headers,
            # What has no parameters is sent without a body.
            body=rest if in_body and self.parameters and not self.form else None,
            form={key: str(item) for key, item in rest.items()} if self.form else None,
            timeout=TIMEOUT,
        )


def _segment(value: Any) -> str:
    """Return a parameter as one segment of a path.

    Raises:
        RejectedError: It would lead to another call.
    """
    text = str(value)
    if not text or not all(letter.isalnum() or letter in "-_" for letter in text):
        raise RejectedError("A parameter of the path is no identifier")
    return text
