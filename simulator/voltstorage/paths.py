"""Where the cloud answers what no one has seen it answer.

Only the log-in, the list of products and the CSV export have proven paths. Of
the others the documents have requests and answers, but no path: each is served
at one place, which is a guess, or nowhere (VoltStorage notes 1.8).
"""

from collections.abc import Mapping
import re
from typing import Final

from .errors import MissingError

EXPORT_JSON: Final = "export_json"
LATEST: Final = "latest"
STATISTICS: Final = "statistics"
STREAM: Final = "stream"

_GUESSES: Final = {
    EXPORT_JSON: "/rest/data/export.json",
    LATEST: "/rest/products/{product_id}/data",
    STATISTICS: "/rest/data/statistics",
    STREAM: "/ws",
}


class Paths:
    """The paths by name, with `{product_id}` where the number of the product stands."""

    def __init__(self, *, served: bool = True) -> None:
        """Serve everything where it is guessed to be, or nothing of it."""
        self._templates: dict[str, str] = dict(_GUESSES) if served else {}

    def serve(self, **templates: str | None) -> None:
        """Serve some of them elsewhere, or nowhere (None)."""
        if unknown := templates.keys() - _GUESSES.keys():
            raise KeyError(f"unknown: {', '.join(sorted(unknown))}")
        for name, template in templates.items():
            if template is None:
                self._templates.pop(name, None)
            else:
                self._templates[name] = template

    def find(self, path: str) -> tuple[str, dict[str, str]]:
        """Return what is served at a path, and what stands in it."""
        for name, template in self._templates.items():
            pattern = re.escape(template).replace(
                re.escape("{product_id}"), "(?P<product_id>[^/]+)"
            )
            if (match := re.fullmatch(pattern, path)) is not None:
                return name, match.groupdict()
        raise MissingError

    def as_json(self) -> Mapping[str, str]:
        """Return the paths by name."""
        return dict(self._templates)
