"""The smallest case that still fails in the same way."""

from collections.abc import Callable, Iterator
import json
from time import monotonic
from typing import Any, Final

from .breaking import Path, places

_SECONDS: Final = 5.0


def smallest(case: Any, fails: Callable[[Any], bool], kept: int) -> Any:
    """Return the case with all left out that it takes no part in."""
    until = monotonic() + _SECONDS
    shrunk = True
    while shrunk and monotonic() < until:
        shrunk = False
        for smaller in _smaller(case, kept):
            if monotonic() >= until:
                break
            if fails(smaller):
                case, shrunk = smaller, True
                break
    return case


def _smaller(case: Any, kept: int) -> Iterator[Any]:
    """Yield cases with less in them, those that lack most first."""
    if isinstance(case, bytes):
        for size in (len(case) // 2, len(case) // 4, len(case) // 16, 1):
            for start in range(0, len(case), max(size, 1)) if size else ():
                yield case[:start] + case[start + size :]
        return
    bodies = [
        index
        for index, item in enumerate(case if isinstance(case, list) else ())
        if isinstance(item, bytes)
    ]
    for index in bodies:
        for body in _smaller(case[index], 0):
            yield [*case[:index], body, *case[index + 1 :]]
    if bodies:
        return
    for path in sorted(places(case, kept), key=len):
        yield from _instead(case, path)


def _instead(case: Any, path: Path) -> Iterator[Any]:
    """Yield the case without a place, and with less in it."""
    for lesser in (_LEFT_OUT, None, 0, "", [], {}):
        copy = json.loads(json.dumps(case))
        holder = copy
        for key in path[:-1]:
            holder = holder[key]
        old = holder[path[-1]]
        if lesser is _LEFT_OUT:
            del holder[path[-1]]
        elif old in (None, 0, "", [], {}) or type(lesser) is not type(old):
            continue
        else:
            holder[path[-1]] = lesser
        yield copy


_LEFT_OUT: Final = object()
