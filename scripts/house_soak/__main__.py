"""Let weeks pass in which much goes wrong, and look at what is left of them: scripts/soak."""

from argparse import ArgumentParser
import asyncio
from collections.abc import Sequence
import json
import os
from pathlib import Path
import random
import sys
import tempfile
from typing import Any

from homeassistant.runner import create_event_loop
from scripts.house_bench.home import quiet

from .soaking import MODELS, as_report, soak


def run(*, days: float, seed: str, step: int, vendors: Sequence[str]) -> dict[str, Any]:
    """Run a soak in a directory of its own, and return its report."""
    quiet()
    # It is not closed: Home Assistant's threads do not always end by themselves.
    runner = asyncio.Runner(loop_factory=create_event_loop)
    directory = tempfile.TemporaryDirectory(prefix="home-battery-")
    try:
        work = soak(
            Path(directory.name) / "home",
            days=days,
            seed=seed,
            step=step,
            vendors=vendors,
        )
        found = runner.run(work)
    finally:
        # Not here: Home Assistant still watches this thread for calls that block.
        runner.run(asyncio.to_thread(directory.cleanup))
    return as_report(found, days=days, seed=seed)


def main() -> None:
    """Soak, print one JSON object, and end with the exit status."""
    parser = ArgumentParser(prog="scripts/soak", description=__doc__)
    parser.add_argument("--days", type=float, default=30)
    parser.add_argument("--seed", help="the same seed makes the same days")
    parser.add_argument(
        "--step", type=int, default=15, help="minutes that time moves at once"
    )
    parser.add_argument(
        "--vendors", default=",".join(MODELS), help="some of them, separated by commas"
    )
    options = parser.parse_args()
    seed = options.seed or f"{random.randrange(10**6)}"
    print(f"seed {seed}", file=sys.stderr, flush=True)
    report = run(
        days=options.days,
        seed=seed,
        step=options.step,
        vendors=options.vendors.split(","),
    )
    print(json.dumps(report), flush=True)
    os._exit(int(not report["ok"]))


if __name__ == "__main__":
    main()
