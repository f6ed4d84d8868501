"""Play every fault on every feed and every write of every vendor, and print the table: scripts/faults."""

import argparse
import asyncio
from collections import Counter
from collections.abc import Sequence
import json
import os
from pathlib import Path
import sys
from time import monotonic
from typing import Final

from scripts.house_demo.process import child

from .brands import BRANDS
from .matrix import Cell, failures, table

_ROOT: Final = Path(__file__).parents[2]
_STUBS: Final = _ROOT / "scripts" / "house_demo" / "voice_stubs"
_CASE_SECONDS: Final = 900
# Into how many processes a vendor's faults are dealt, the long ones more.
_PARTS: Final = {"foxess": 2, "growatt": 2}


async def _case(
    vendor: str, part: int, only: str, turn: asyncio.Semaphore
) -> list[Cell]:
    """Play a part of a vendor's faults in a process of its own."""
    command = [sys.executable, "-P", "-m", "scripts.house_faults.case"]
    command += ["--vendor", vendor, "--only", only]
    command += ["--part", str(part), "--parts", str(_PARTS.get(vendor, 1))]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (_ROOT, _STUBS)))}
    async with turn:
        began = monotonic()
        async with child(*command, cwd=_ROOT, env=env) as process:
            assert process.stdout is not None
            async with asyncio.timeout(_CASE_SECONDS):
                printed = (await process.stdout.read()).decode()
                status = await process.wait()
    if status:
        raise RuntimeError(f"{' '.join(command)} ended with {status}")
    seconds = monotonic() - began
    print(f"{vendor}, part {part + 1}: {seconds:.0f} s", file=sys.stderr, flush=True)
    return [Cell.from_json(cell) for cell in json.loads(printed.splitlines()[-1])]


async def _run(vendors: Sequence[str], only: str) -> list[Cell]:
    """Play all vendors, as many at a time as there are processors."""
    turn = asyncio.Semaphore(os.process_cpu_count() or 1)
    played = await asyncio.gather(
        *(
            _case(vendor, part, only, turn)
            for vendor in vendors
            for part in range(_PARTS.get(vendor, 1))
        )
    )
    return [cell for cells in played for cell in cells]


def main() -> int:
    """Play, print the tables, and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="scripts/faults",
        description="Play every fault on every feed and every write of every vendor.",
    )
    parser.add_argument("--vendor", choices=tuple(BRANDS), action="append")
    parser.add_argument("--only", default="", help="faults whose names have this part")
    options = parser.parse_args()
    vendors = options.vendor or list(BRANDS)
    began = monotonic()
    cells = asyncio.run(_run(vendors, options.only))
    for vendor in vendors:
        if mine := [cell for cell in cells if cell.vendor == vendor]:
            print(table(mine), end="\n\n")
    if failed := failures(cells):
        print(failed, end="\n\n")
    words = Counter(cell.word for cell in cells)
    told = ", ".join(f"{count} {word}" for word, count in words.items())
    print(f"{len(cells)} cells: {told}; {monotonic() - began:.0f} s")
    return int(words["FAILED"] > 0 or not cells)


if __name__ == "__main__":
    sys.exit(main())
