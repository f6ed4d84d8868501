"""Run the simulated houses and their servers: python -m simulator."""

import argparse
import asyncio
from collections.abc import Sequence
from datetime import datetime
import json
import signal

from .eaton.catalogue import PROFILES as EATON_MODELS
from .fleet import MODELS
from .growatt.fleet import MODELS as GROWATT_MODELS
from .lot import HISTORY_DAYS
from .simulation import Simulation
from .voltstorage.fleet import MODELS as VOLTSTORAGE_MODELS


def main(arguments: Sequence[str] | None = None) -> None:
    """Start everything, say where on one line of JSON, and run until told to stop."""
    parser = argparse.ArgumentParser(prog="simulator", description=__doc__)
    parser.add_argument(
        "--devices",
        type=int,
        help="make a fleet of this many devices, four to a station",
    )
    parser.add_argument(
        "--models",
        type=_models,
        default=("KH8",),
        help=f"device models, separated by commas, joined by + where they share a house: {', '.join(MODELS)}",
    )
    parser.add_argument(
        "--growatt",
        type=_models,
        default=(),
        help=f"Growatt models in the same way, none by default: {', '.join(GROWATT_MODELS)}",
    )
    parser.add_argument(
        "--eaton",
        type=_models,
        default=(),
        help=f"Eaton units, each in a house of its own, none by default: {', '.join(EATON_MODELS)}",
    )
    parser.add_argument(
        "--voltstorage",
        type=_models,
        default=(),
        help=f"VoltStorage models in the same way, none by default: {', '.join(VOLTSTORAGE_MODELS)}",
    )
    parser.add_argument(
        "--history-days",
        type=int,
        default=HISTORY_DAYS,
        help="how many days the houses have lived before",
    )
    parser.add_argument(
        "--speed",
        type=float,
        default=1.0,
        help="how much faster than real time the houses live",
    )
    parser.add_argument(
        "--start",
        type=datetime.fromisoformat,
        help="house time to begin with (ISO 8601)",
    )
    parser.add_argument(
        "--seed",
        type=int,
        default=0,
        help="another seed makes other weather and habits",
    )
    parser.add_argument(
        "--time-zone",
        default="Europe/Berlin",
        help="time zone of all houses (IANA name)",
    )
    parser.add_argument(
        "--port", type=int, default=0, help="first port; 0 takes any free ones"
    )
    parser.add_argument(
        "--only-documented",
        action="store_true",
        help="drop what vendors answer without documenting it",
    )
    options = parser.parse_args(arguments)
    try:
        simulation = Simulation(
            options.models,
            devices=options.devices,
            speed=options.speed,
            start=options.start,
            seed=options.seed,
            time_zone=options.time_zone,
            port=options.port,
            undocumented=not options.only_documented,
            history_days=options.history_days,
            growatt=options.growatt,
            eaton=options.eaton,
            voltstorage=options.voltstorage,
        )
    except (ValueError, LookupError) as error:
        parser.error(str(error))
    asyncio.run(_serve(simulation))


def _models(text: str) -> tuple[str, ...]:
    """Return the models that a comma separates."""
    return tuple(text.split(","))


async def _serve(simulation: Simulation) -> None:
    """Serve until a signal arrives."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with simulation:
        print(json.dumps(simulation.describe()), flush=True)
        await stop.wait()


if __name__ == "__main__":
    main()
