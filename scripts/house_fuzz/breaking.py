"""Breaking a good answer: in its structure, and in its bytes."""

from collections.abc import Callable, Iterator
import gzip
import json
from random import Random
from typing import Any, Final

import orjson

type Path = tuple[str | int, ...]

# Less than what a JSON parser takes, more than what recursion does.
_DEPTHS: Final = (1, 2, 3, 5, 8, 13, 300, 1_000)
_LONG: Final = 20_000
_MOST_EDITS: Final = 4
# Of so many places one is chosen; more are not worth a walk.
_MOST_PLACES: Final = 4_000
_ODD: Final[tuple[Any, ...]] = (
    *(None, True, False, "", " ", [], {}, [[]], [None], {"": None}),
    *(0, -0.0, 1, -1, 0.1, 100.5, 2**31, -(2**31), 2**63, -(2**63), 2**64, 10**400),
    *(1e308, -1e308, 5e-324, float("nan"), float("inf"), float("-inf")),
    *("0", "-1", "1e999", "-1e999", "NaN", "inf", "1_000", "0x10", "1,5", "٣", "²"),
    *("null", "true", "n/a", "--", "\x00", "\x1b[31m", "\u202e", "\ufeff1", "\r\n"),
    *("<script>alert(1)</script>", "%s%n{0}", "../../etc/passwd", "a" * _LONG),
    *("9" * 5000, "2026-02-30 25:61:61", "0000-00-00 00:00:00", "24:00", "-1:-1"),
    *("9999-12-31 23:59:59", "0001-01-01 00:00:00 UTC+2400", "2026-10-25 02:30:00"),
    *("2026-06-15 10:00:00 CEST+0200", "99:99", "12:60", "7:5", "12", ":", "a:b"),
    *(253402300799, 253402300800, -62135596801, 1781517600, 1781517600000, 1e18),
)
_GARBAGE: Final = (
    *(b"", b" ", b"null", b"0", b'""', b"[]", b"{}", b"true", b"\xff\xfe", b"\x00"),
    *(b"<html><body>502</body></html>", b")]}',\n", b'{"a":', b"1e999", b"NaN"),
    *(b"[" * 100_000, b'{"a":' * 50_000, b'"\\ud800"', b"-", b"sep=;\r\n", b"\r\n"),
)


def places(value: Any, least: int) -> list[Path]:
    """Return the paths of what lies at least so deep in a value."""
    found: list[Path] = []
    waiting: list[tuple[Path, Any]] = [((), value)]
    while waiting and len(found) < _MOST_PLACES:
        path, inner = waiting.pop()
        if len(path) >= least:
            found.append(path)
        waiting += [((*path, key), item) for key, item in items(inner)]
    return found


def items(value: Any) -> Iterator[tuple[str | int, Any]]:
    """Yield what a container holds, by key or index."""
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)


def broken(value: Any, paths: list[Path], rng: Random) -> Any:
    """Return a value, which is changed, with some of its places broken."""
    for _ in range(rng.randint(1, _MOST_EDITS)):
        path = rng.choice(paths)
        value = put(value, path, rng.choice(_EDITS), rng)
    return value


def put(
    value: Any, path: Path, edit: Callable[[Any, Any, Random], Any], rng: Random
) -> Any:
    """Return a value with the place edited, if it is still there."""
    if not path:
        return edit(None, value, rng)
    holder: Any = value
    try:
        for key in path[:-1]:
            holder = holder[key]
        old = holder[path[-1]]
        if isinstance(holder, str):
            return value
    except KeyError, IndexError, TypeError:
        return value
    new = edit(holder, old, rng)
    if new is _GONE:
        del holder[path[-1]]
    else:
        holder[path[-1]] = new
    return value


_GONE: Final = object()


def _odd(_holder: Any, _old: Any, rng: Random) -> Any:
    """Put something else there."""
    return json.loads(json.dumps(rng.choice(_ODD)))


def _leave_out(holder: Any, _old: Any, _rng: Random) -> Any:
    """Leave it out."""
    return None if holder is None else _GONE


def _turn(_holder: Any, old: Any, rng: Random) -> Any:
    """Tell the same as another type."""
    if isinstance(old, str):
        return rng.choice((len(old), [old], {old: old}, old.encode().hex()))
    if isinstance(old, dict):
        return rng.choice((list(old.values()), list(old), str(old)))
    if isinstance(old, list):
        return rng.choice((dict(enumerate(map(str, old))), str(old), len(old)))
    return rng.choice((str(old), [old], {"value": old}))


def _nudge(_holder: Any, old: Any, rng: Random) -> Any:
    """Tell another number, or a text with a letter changed."""
    if isinstance(old, bool) or not isinstance(old, int | float | str):
        return old
    if isinstance(old, str):
        at = rng.randrange(len(old) + 1)
        letter = rng.choice("0123456789-:. ,;\x00é\u2028")
        return old[:at] + letter + old[at + rng.randint(0, 1) :]
    if not abs(old) < 1e100:
        return 0
    return rng.choice((-old, old * 1000, old + 1, old - 1, old / 7, old * 1e9))


def _repeat(holder: Any, old: Any, rng: Random) -> Any:
    """Tell it several times over."""
    if isinstance(holder, list):
        holder.extend([old] * rng.choice((1, 3, 60)))
    elif isinstance(holder, dict):
        holder[rng.choice(("", "x", "data", "Value", "\x00", "9" * 300))] = old
    return old


def _shorten(_holder: Any, old: Any, rng: Random) -> Any:
    """Tell the beginning of it."""
    if isinstance(old, list | str):
        return old[: rng.randint(0, len(old))]
    if isinstance(old, dict):
        kept = list(old.items())
        return dict(kept[: rng.randint(0, len(kept))])
    return old


def _swap(holder: Any, old: Any, rng: Random) -> Any:
    """Tell what stands beside it in its place."""
    if isinstance(holder, dict):
        return rng.choice(list(holder.values()))
    return rng.choice(holder) if isinstance(holder, list) else old


def _bury(_holder: Any, old: Any, rng: Random) -> Any:
    """Put it far below."""
    in_lists = rng.random() < 0.5
    for _ in range(rng.choice(_DEPTHS)):
        old = [old] if in_lists else {"data": old}
    return old


_EDITS: Final = (
    *(_odd, _odd, _odd, _leave_out, _turn, _nudge, _repeat, _shorten, _swap, _bury),
)


def broken_bytes(body: bytes, rng: Random) -> bytes:
    """Return a body that went bad on its way."""
    for _ in range(rng.randint(1, 3)):
        at, end = sorted(rng.randint(0, len(body)) for _ in range(2))
        body = rng.choice(
            (
                lambda body, at, end: body[:at],
                lambda body, at, end: body[:at] + body[end:],
                lambda body, at, end: body[:end] + body[at:],
                lambda body, at, end: body[:at] + rng.choice(_GARBAGE) + body[end:],
                lambda body, at, end: body[:at] + rng.randbytes(4) + body[at + 4 :],
                lambda body, at, end: _flipped(body, at),
                lambda body, at, end: body[::-1],
                lambda body, at, end: body.decode(errors="replace").encode("utf-16"),
                lambda body, at, end: b"\xef\xbb\xbf" + body,
                lambda body, at, end: gzip.compress(body[:_LONG], 1),
                lambda body, at, end: rng.choice(_GARBAGE),
            )
        )(body, at, end)[: 8 * _LONG]
    return body


def _flipped(body: bytes, at: int) -> bytes:
    """Return a body with a bit flipped."""
    return body[:at] + bytes(byte ^ 16 for byte in body[at : at + 1]) + body[at + 1 :]


def as_body(value: Any) -> bytes:
    """Return a value as a server would send it, be it good JSON or not."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value).encode()
