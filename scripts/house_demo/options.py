"""The options of the demonstration."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

DEFAULT_PORT = 8123


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the person asked for; without a port, a check takes any free one."""

    port: int | None
    speed: float
    devices: int | None
    config: Path | None
    check: bool


def parse(arguments: Sequence[str] | None = None) -> Options:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/demo",
        description="Start the simulated houses and a real Home Assistant that reads and steers them.",
    )
    parser.add_argument(
        "--port",
        type=int,
        help=f"where Home Assistant listens (default {DEFAULT_PORT}; with --check any free port)",
    )
    parser.add_argument(
        "--speed",
        type=float,
        default=1,
        help="how many times faster than real the houses live (default 1)",
    )
    parser.add_argument(
        "--devices",
        type=int,
        help="make a fleet of this many batteries in each account",
    )
    parser.add_argument(
        "--config",
        type=Path,
        help="keep Home Assistant's configuration in this new or empty directory",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="read, write, look at the log, report on the last line as JSON, and stop",
    )
    found = parser.parse_args(arguments)
    port = found.port or (None if found.check else DEFAULT_PORT)
    config = found.config and found.config.resolve()
    return Options(
        port=port,
        speed=found.speed,
        devices=found.devices,
        config=config,
        check=found.check,
    )
