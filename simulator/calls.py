"""The log of requests that reached a server."""

from dataclasses import dataclass
from datetime import datetime

from .jsontypes import Json, JsonObject


@dataclass(kw_only=True)
class LoggedCall:
    """One request, whatever became of it; `errno` is None when no answer of the API was made."""

    at: datetime
    method: str
    path: str
    query: dict[str, str]
    body: Json
    errno: int | None = None
    write: bool = False
    token_ok: bool = False

    def as_json(self) -> JsonObject:
        """Return the call for the control server."""
        return {
            "at": self.at.isoformat(),
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "body": self.body,
            "errno": self.errno,
            "write": self.write,
            "token_ok": self.token_ok,
        }
