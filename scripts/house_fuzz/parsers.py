"""The functions that read what servers say, found by what they take, and fed directly.

Whoever takes `object`, `Any` or a mapping of such takes what a server says as it
is. What it was given while good answers were recorded is what gets broken.
"""

from annotationlib import Format, get_annotations
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
import importlib
import inspect
from itertools import islice
import pkgutil
from random import Random
import sys
from types import CodeType, FunctionType, ModuleType
from typing import Any, Final

import orjson

from custom_components.home_battery import vendors
from custom_components.home_battery.battery import fields, variables
from custom_components.home_battery.battery.model import Record
from custom_components.home_battery.transport.http import Response

from .breaking import Path, as_body, broken, broken_bytes, places
from .subject import check_record

# What of a vendor takes no answers: its tables, and what a person or we say.
_OTHERS: Final = frozenset(
    {"endpoint", "endpoints", "flow", "vendor", "tables", "credential", "memory"}
)
# How deep below what is taken the trust in its shape ends.
_TAKEN: Final = {
    **dict.fromkeys(("object", "Any"), 0),
    **dict.fromkeys(
        (
            *("Mapping[str, Any]", "Mapping[str, object]", "Mapping[Any, Any]"),
            *("dict[str, Any]", "WireRecord", "Bean", "Iterable[object]"),
        ),
        1,
    ),
    "Response": 1,
    "Iterable[Mapping[str, Any]]": 2,
}
_TEXTS: Final = frozenset({"text", "token"})
_STATUSES: Final = (
    200,
    200,
    201,
    204,
    400,
    401,
    403,
    404,
    412,
    429,
    500,
    502,
    599,
    999,
)
# What we have written down, or make ourselves.
_OURS: Final = frozenset({"memory", "changes"})
_RESPONSE: Final = "response"
_SAMPLES: Final = 24
# One that no debugger, profiler or coverage takes.
_TOOL: Final = 4
_MOST_YIELDED: Final = 100_000
_LONGEST: Final = 20_000


@dataclass(frozen=True)
class Sample:
    """What a function was once given.

    Attributes:
        fixed: What is ours.
        told: What a server said, as JSON, by the argument's name.
        places: What of each argument can be broken.
    """

    fixed: Mapping[str, Any]
    told: bytes
    places: Mapping[str, list[Path]]


class Parser:
    """A function, and what it was given."""

    kept = 3

    def __init__(self, name: str, function: Callable[..., Any]) -> None:
        """Find out what of its arguments comes from servers."""
        self.name = name
        self.function = function
        said = get_annotations(function, format=Format.STRING)
        said.pop("return", None)
        self._texts = {n for n, kind in said.items() if n in _TEXTS and kind == "str"}
        self.taken = dict.fromkeys(self._texts, 0) | {
            name: _TAKEN[kind]
            for name, kind in said.items()
            if kind in _TAKEN and name not in _OURS
        }
        self.samples: list[Sample] = []
        self._seen: set[bytes] = set()

    def remember(self, given: Mapping[str, Any]) -> None:
        """Keep what it is given, if that is new and not too much already."""
        if len(self.samples) >= _SAMPLES:
            return
        told = {name: _plain(given[name]) for name in self.taken}
        try:
            body = orjson.dumps(told)
        except TypeError:
            return
        if body in self._seen or len(body) > _LONGEST:
            return
        self._seen.add(body)
        found = {
            name: paths
            for name, value in orjson.loads(body).items()
            if (paths := places(value, self.taken[name]))
        }
        fixed = {key: value for key, value in given.items() if key not in told}
        if found:
            self.samples.append(Sample(fixed, body, found))

    def break_one(self, rng: Random) -> Any:
        """Return arguments of which some are broken."""
        index = rng.randrange(len(self.samples))
        sample = self.samples[index]
        told = orjson.loads(sample.told)
        texts = {name: told[name].encode() for name in self._texts}
        for name, paths in sample.places.items():
            told[name] = broken(told[name], paths, rng)
        # What is declared to be text comes as text.
        for name, text in texts.items():
            told[name] = broken_bytes(text, rng).decode(errors="replace")
        if _RESPONSE in told:
            body = told[_RESPONSE][1:] or [None]
            if not rng.randrange(3):
                body = [broken_bytes(as_body(body[0]), rng)]
            told[_RESPONSE] = [rng.choice(_STATUSES), body[0]]
        return [index, told]

    def feed(self, case: Any) -> None:
        """Call the function, and look at all that it returns."""
        index, told = case
        if _RESPONSE in told:
            status, body = told[_RESPONSE]
            body = body if isinstance(body, bytes) else as_body(body)
            told = {**told, _RESPONSE: Response(status=status, body=body)}
        result = self.function(**self.samples[index].fixed, **told)
        if isinstance(result, Coroutine):
            _finish(result)
        elif isinstance(result, Iterator):
            for _ in islice(result, _MOST_YIELDED):
                pass
        elif isinstance(result, Record):
            check_record(result)


def _finish(work: Coroutine[Any, Any, Any]) -> None:
    """Run what only takes a breath now and then."""
    try:
        while True:
            work.send(None)
    except StopIteration:
        pass


def _plain(given: object) -> object:
    """Return what was given as JSON has it."""
    if not isinstance(given, Response):
        return dict(given) if isinstance(given, Mapping) else given
    try:
        return [given.status, orjson.loads(given.body)]
    except orjson.JSONDecodeError:
        return [given.status, given.body.decode(errors="replace")]


def find() -> dict[CodeType, Parser]:
    """Return every public function that takes what servers say, by its code."""
    found = {}
    for module in _modules():
        for name, function in _functions(module):
            where = module.__name__.partition("home_battery.")[2]
            parser = Parser(f"{where}.{name}", function)
            if parser.taken:
                found[function.__code__] = parser
    return found


def _modules() -> Iterator[ModuleType]:
    """Yield the modules that know a vendor's wire, and what they share."""
    yield from (fields, variables)
    for info in pkgutil.walk_packages(vendors.__path__, f"{vendors.__name__}."):
        *_, folder, name = info.name.split(".")
        if folder != "vendors" and name not in _OTHERS:
            yield importlib.import_module(info.name)


def _functions(module: ModuleType) -> Iterator[tuple[str, FunctionType]]:
    """Yield the public functions of a module, and those of its classes."""
    for name, thing in vars(module).items():
        if name.startswith("_") or getattr(thing, "__module__", "") != module.__name__:
            continue
        if isinstance(thing, FunctionType):
            yield name, thing
        elif isinstance(thing, type):
            for inner, member in vars(thing).items():
                function = getattr(member, "__func__", member)
                # What asks a server is no parser.
                if (
                    isinstance(function, FunctionType)
                    and not inner.startswith("_")
                    and not inspect.iscoroutinefunction(function)
                ):
                    yield f"{name}.{inner}", function


@contextmanager
def remembering(parsers: Mapping[CodeType, Parser]) -> Iterator[None]:
    """Keep what functions are given meanwhile."""

    def begun(code: CodeType, _offset: int) -> None:
        """Look at the arguments of a call that begins."""
        frame = inspect.currentframe()
        if frame is None or (caller := frame.f_back) is None:
            return
        count = code.co_argcount + code.co_kwonlyargcount
        parsers[code].remember(
            {name: caller.f_locals[name] for name in code.co_varnames[:count]}
        )

    sys.monitoring.use_tool_id(_TOOL, "parsers")
    sys.monitoring.register_callback(_TOOL, sys.monitoring.events.PY_START, begun)
    for code in parsers:
        sys.monitoring.set_local_events(_TOOL, code, sys.monitoring.events.PY_START)
    try:
        yield
    finally:
        sys.monitoring.free_tool_id(_TOOL)
