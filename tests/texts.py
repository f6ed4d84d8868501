"""The texts of the integration, and what the code needs of them."""

from collections.abc import Iterator, Mapping
import json
from string import Formatter
from typing import Any

from custom_components.home_battery.errors import problem_of
from custom_components.home_battery.transport.errors import ApiError

from .source import INTEGRATION

LANGUAGES = {
    path.stem: json.loads(path.read_text())
    for path in sorted((INTEGRATION / "translations").glob("*.json"))
}
ENGLISH = LANGUAGES["en"]


def texts(tree: Mapping[str, Any], *path: str) -> Iterator[tuple[str, str]]:
    """Yield every text with its place."""
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from texts(value, *path, key)
        else:
            yield ".".join((*path, key)), value


def placeholders(text: str) -> set[str]:
    """Return the names that a text leaves to be filled in."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def subclasses(kind: type[ApiError]) -> Iterator[type[ApiError]]:
    """Yield a kind of error and all its special cases."""
    yield kind
    for special in kind.__subclasses__():
        yield from subclasses(special)


def error_of(kind: type[ApiError]) -> ApiError:
    """Return an error of a kind, whatever else that kind wants to be told."""
    return kind.__new__(kind, "It failed")


API_PROBLEMS = {kind: problem_of(error_of(kind)) for kind in subclasses(ApiError)}
