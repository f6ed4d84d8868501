"""Feed the integration with broken answers by the million: scripts/fuzz."""

from argparse import ArgumentParser
import asyncio
import json
import os
import random
import sys
from time import monotonic
from typing import Any, Final

from .corpus import record
from .running import Tally, run

_SECONDS: Final = 40.0
_MANY: Final = 100
_FOREVER: Final = 24 * 3600.0


def report(tally: Tally, *, seed: str, seconds: float) -> dict[str, Any]:
    """Return what came of it, and whether the bars are held."""
    cases = sum(tally.cases.values())
    return {
        # Where nothing is understood, what is fed is no answer that was broken.
        "ok": not tally.defects
        and all(
            tally.understood[group] or count < _MANY
            for group, count in tally.cases.items()
        ),
        "seed": seed,
        "cases": cases,
        "seconds": round(seconds, 1),
        "cases_per_second": round(cases / seconds) if seconds else 0,
        "groups": {
            group: {"cases": count, "understood": tally.understood[group]}
            for group, count in sorted(tally.cases.items())
        },
        "defects": {
            what: {"hits": tally.hits[what], "smallest": case}
            for what, case in tally.defects.items()
        },
    }


def main() -> int:
    """Feed, print one JSON object, and return the exit status."""
    parser = ArgumentParser(prog="scripts/fuzz", description=__doc__)
    parser.add_argument("--seed", help="the same seed makes the same cases")
    parser.add_argument("--cases", type=int, help="how many cases; without end none")
    parser.add_argument(
        "--seconds", type=float, help=f"for how long (default {_SECONDS:g} s)"
    )
    parser.add_argument("--processes", type=int, default=os.process_cpu_count() or 1)
    options = parser.parse_args()
    seed = options.seed or f"{random.randrange(10**6)}"
    print(f"seed {seed}", file=sys.stderr, flush=True)
    corpus = asyncio.run(record())
    print(
        f"{len(corpus.talks)} talks, {len(corpus.parsers)} parsers",
        file=sys.stderr,
        flush=True,
    )
    began = monotonic()
    tally = run(
        corpus,
        seed=seed,
        cases=options.cases or sys.maxsize,
        seconds=options.seconds or (_FOREVER if options.cases else _SECONDS),
        processes=options.processes,
    )
    found = report(tally, seed=seed, seconds=monotonic() - began)
    for what, told in found["defects"].items():
        print(f"{what}\n  {told['hits']} hits, {told['smallest']}", file=sys.stderr)
    print(json.dumps(found), flush=True)
    return int(not found["ok"])


if __name__ == "__main__":
    sys.exit(main())
