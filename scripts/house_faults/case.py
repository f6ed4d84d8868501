"""The matrix of one vendor, or a part of it, in a process of its own."""

import argparse
import asyncio
import json
from pathlib import Path
import tempfile

from scripts.house_bench.home import quiet

from .brands import BRANDS
from .matrix import Cell, Matrix, rows
from .model import Brand
from .stage import staged
from .time import MovedLoop, moved_time


async def play(
    loop: MovedLoop, folder: Path, brand: Brand, *, only: str = "", share: slice
) -> list[Cell]:
    """Play a share of the faults of a vendor whose names have a part."""
    faults = [fault for fault in rows(brand) if only in fault.name][share]
    with moved_time(loop) as clock:
        async with staged(brand, folder, clock) as stage:
            return await Matrix(stage).play(faults)


def main() -> None:
    """Play, and print the cells as one line of JSON."""
    parser = argparse.ArgumentParser(prog="scripts.house_faults.case")
    parser.add_argument("--vendor", choices=tuple(BRANDS), required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--part", type=int, default=0)
    parser.add_argument("--parts", type=int, default=1)
    options = parser.parse_args()
    quiet()
    loop = MovedLoop()
    asyncio.set_event_loop(loop)
    with tempfile.TemporaryDirectory() as folder:
        cells = loop.run_until_complete(
            play(
                loop,
                Path(folder),
                BRANDS[options.vendor],
                only=options.only,
                share=slice(options.part, None, options.parts),
            )
        )
    print(json.dumps([cell.as_json() for cell in cells]), flush=True)


if __name__ == "__main__":
    main()
