"""A server that answers as a test has written down, and remembers what was asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web

from custom_components.home_battery.transport.clock import Clock

EMPTY: Mapping[str, Any] = {"error_code": 0, "error_msg": "", "data": ""}
FORBIDDEN = {"error_code": 10011, "error_msg": "error_permission_denied", "data": ""}
TOO_SOON = {"error_code": 10012, "error_msg": "error_frequently_access", "data": ""}


def v1(data: Any, **root: Any) -> dict[str, Any]:
    """Return a good answer of API v1."""
    return {"error_code": 0, "error_msg": "", "data": data, **root}


def v4(data: Any) -> dict[str, Any]:
    """Return a good answer of API v4."""
    return {"code": 0, "data": data, "message": "SUCCESSFUL_OPERATION"}


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request as it arrived."""

    method: str
    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    headers: Mapping[str, str]
    at: datetime


@dataclass
class Cloud:
    """A script: each path has answers, of which the last stays."""

    clock: Clock
    url: str = ""
    calls: list[Call] = field(default_factory=list)
    answers: dict[str, list[web.Response]] = field(default_factory=dict)

    def says(self, path: str, *answers: Any, status: int = 200) -> None:
        """Write down what a path answers: JSON, or a text as it is."""
        self.answers[path] = [_response(answer, status) for answer in answers]

    @property
    def paths(self) -> list[str]:
        """Return the paths that were asked for."""
        return [call.path for call in self.calls]

    async def handle(self, request: web.Request) -> web.Response:
        """Answer a request."""
        self.calls.append(
            Call(
                method=request.method,
                path=request.path,
                query=dict(request.query),
                form={key: str(value) for key, value in (await request.post()).items()},
                headers=dict(request.headers),
                at=self.clock.now(),
            )
        )
        answers = self.answers[request.path]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return web.Response(
            body=answer.body, status=answer.status, content_type=answer.content_type
        )


def _response(answer: Any, status: int) -> web.Response:
    """Return an answer as HTTP."""
    if isinstance(answer, str):
        return web.Response(text=answer, status=status, content_type="text/html")
    return web.json_response(answer, status=status)
