"""Measure what the integration costs a real Home Assistant: scripts/bench."""

import argparse
import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
import os
from pathlib import Path
import platform
import sys
from time import monotonic
from typing import Any

from homeassistant.const import __version__
from scripts.house_demo.process import child

from .results import Result, as_json, bars

_ROOT = Path(__file__).parents[2]
_STUBS = _ROOT / "scripts" / "house_demo" / "voice_stubs"
_CASE_SECONDS = 120
_MOST_RECORDED = 10
_ENTITIES = {"default": (False,), "all": (True,), "both": (False, True)}


@dataclass(frozen=True, kw_only=True)
class _Case:
    """What one process is to measure."""

    inverters: int
    all_entities: bool
    recorder: bool

    @property
    def arguments(self) -> list[str]:
        """Return it as the process takes it."""
        flags = (("--all", self.all_entities), ("--recorder", self.recorder))
        return [
            "--inverters",
            str(self.inverters),
            *(name for name, wanted in flags if wanted),
        ]


def _cases(inverters: Sequence[int], entities: str) -> Iterator[_Case]:
    """Yield the cases: without the recorder, and a small one with it."""
    for all_entities in _ENTITIES[entities]:
        for count in inverters:
            yield _Case(inverters=count, all_entities=all_entities, recorder=False)
    # Its database does not keep up with hours of 100 inverters in a minute.
    small = [count for count in inverters if count <= _MOST_RECORDED]
    for count in sorted(small)[-1:]:
        yield _Case(
            inverters=count, all_entities=_ENTITIES[entities][-1], recorder=True
        )


async def _measure(case: _Case, polls: int) -> Result:
    """Measure one case in a process of its own."""
    command = [sys.executable, "-P", "-m", "scripts.house_bench.case"]
    command += [*case.arguments, "--polls", str(polls)]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (_ROOT, _STUBS)))}
    async with child(*command, cwd=_ROOT, env=env) as process:
        assert process.stdout is not None
        async with asyncio.timeout(_CASE_SECONDS):
            printed = (await process.stdout.read()).decode()
            status = await process.wait()
    if status:
        raise RuntimeError(f"{' '.join(command)} ended with {status}")
    return Result.from_json(printed.splitlines()[-1])


async def _run(cases: Sequence[_Case], polls: int) -> list[Result]:
    """Measure one case after another, so that none is in another's way."""
    results = []
    for case in cases:
        began = monotonic()
        result = await _measure(case, polls)
        print(
            f"{result.inverters:>3} inverters, {result.entities:>4} entities"
            f"{', recorder' if result.recorder else ''}: {monotonic() - began:.0f} s",
            file=sys.stderr,
            flush=True,
        )
        results.append(result)
    return results


def _machine() -> dict[str, Any]:
    """Return where this was measured."""
    return {
        "cpus": os.process_cpu_count(),
        "python": platform.python_version(),
        "home_assistant": __version__,
    }


def _counts(text: str) -> list[int]:
    """Return the numbers that a comma separates."""
    return [int(part) for part in text.split(",")]


def main() -> int:
    """Measure, print one JSON object, and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        description="Measure what the integration costs a real Home Assistant, beside as many plain sensors.",
    )
    parser.add_argument(
        "--inverters",
        type=_counts,
        default=[1, 10, 100],
        help="sizes of the account, separated by commas (default 1,10,100)",
    )
    parser.add_argument(
        "--entities",
        choices=tuple(_ENTITIES),
        default="both",
        help="those that are enabled from the start, all, or both one after the other",
    )
    parser.add_argument(
        "--polls",
        type=int,
        default=9,
        help="how often each thing is measured; the best counts (default 9)",
    )
    parser.add_argument(
        "--strict", action="store_true", help="end with 1 if a bar is missed"
    )
    options = parser.parse_args()
    cases = list(_cases(options.inverters, options.entities))
    results = asyncio.run(_run(cases, options.polls))
    print(as_json(results, _machine()), flush=True)
    return int(options.strict and not all(bars(results).values()))


if __name__ == "__main__":
    sys.exit(main())
