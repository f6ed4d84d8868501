"""Good answers, asked of the simulator once: what every account and every parser was given."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
import logging
from typing import Any, Final

import aiohttp

from simulator import Simulation

from .accounts import Interview, Standing, Talk
from .parsers import Parser, find, remembering

# Each device brings answers of its own kind.
MODELS: Final[Mapping[str, Sequence[str]]] = {
    "foxess": (*("KH8+METER", "H3-V1", "H1-V0", "EVO+HEATPUMP", "PV", "EMS", "GMAX"),),
    "growatt": (
        *("MIN-XH+METER", "SPH+ENV", "SPA", "MAX", "STORAGE", "WIT", "NOAH", "NEXA"),
        *("INV", "PCS", "HPS", "PBD", "BOOST", "SPH-S"),
    ),
    "eaton": ("HYBRID", "AC-3P"),
    "voltstorage": ("SMART+SMART",),
}
_HISTORY_DAYS: Final = 3


class _Ahead(Standing):
    """The simulator's clock, which waiting moves."""

    def __init__(self, simulation: Simulation) -> None:
        """Keep the simulation."""
        super().__init__(simulation.clock.now())
        self._simulation = simulation

    def now(self) -> datetime:
        """Return the server's time."""
        return self._simulation.clock.now()

    async def sleep(self, seconds: float) -> None:
        """Move time, a little further than was asked."""
        self._simulation.clock.advance(seconds + 0.05)


@dataclass(frozen=True)
class Corpus:
    """What was said.

    Attributes:
        talks: What accounts were told.
        parsers: The functions that were given something.
        silent: The names of those that were not.
    """

    talks: Sequence[Talk]
    parsers: Sequence[Parser]
    silent: Sequence[str]


@contextmanager
def _silence() -> Iterator[None]:
    """Have the integration log nothing for a while."""
    logger = logging.getLogger("custom_components.home_battery")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


async def record(models: Mapping[str, Sequence[str]] = MODELS) -> Corpus:
    """Ask a simulator for everything, and keep what it said."""
    parsers = find()
    talks: list[Talk] = []
    async with (
        Simulation(
            models.get("foxess", ()),
            growatt=models.get("growatt", ()),
            eaton=models.get("eaton", ()),
            voltstorage=models.get("voltstorage", ()),
            history_days=_HISTORY_DAYS,
        ) as simulation,
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
    ):
        clock = _Ahead(simulation)
        with _silence(), remembering(parsers):
            for vendor, data in _accounts(simulation, models):
                talks += await Interview(vendor, data, session, clock).hold()
    found = sorted(parsers.values(), key=lambda parser: parser.name)
    return Corpus(
        talks,
        [parser for parser in found if parser.samples],
        [parser.name for parser in found if not parser.samples],
    )


def _accounts(
    simulation: Simulation, models: Mapping[str, Sequence[str]]
) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the accounts of a simulation, as entries have them."""
    accounts: list[tuple[str, Mapping[str, Any]]] = [
        (cloud.name, {"base_url": cloud.base_url, "token": cloud.token})
        for cloud in (simulation.foxess, simulation.growatt)
        if cloud.name in models
    ]
    if "voltstorage" in models:
        volt = simulation.voltstorage
        accounts.append(
            (
                "voltstorage",
                {
                    "base_url": volt.base_url.removesuffix("/rest"),
                    "email": volt.email,
                    "password": volt.password,
                },
            )
        )
    accounts += [
        (
            "eaton",
            {
                "base_url": unit.base_url,
                "fingerprint": unit.fingerprint,
                "user_type": str(role),
                "username": user.name,
                "password": user.password,
                "inverter_serial": unit.serial,
            },
        )
        for unit in (simulation.eaton.units if "eaton" in models else ())
        for role, user in unit.sign_in.users.items()
    ]
    return accounts
