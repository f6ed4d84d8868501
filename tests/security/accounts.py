"""An account of each vendor, and what of it is nobody's business."""

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
import json
from typing import Any, Final
from urllib.parse import quote

from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from simulator import Simulation
from simulator.calls import LoggedCall
from tests.conftest import make_entry
from tests.sign_in import async_enter_client_id, make_signed_in
from tests.vendors.eaton.entries import make_eaton_entry
from tests.vendors.growatt.entries import make_growatt_entry
from tests.vendors.voltstorage.entries import make_voltstorage_entry


@dataclass(frozen=True, kw_only=True)
class Case:
    """One way to have an account.

    Attributes:
        vendor: The vendor's key.
        entry: Makes the entry.
        secrets: Returns what is secret just now.
        models: What the simulation is told to have.
        signed_in: Whether it takes a client id.
        steers: Whether anything can be written.
        calls: Returns what the server was asked.
        said: Returns what a person enters to have the same account anew, without the
            server.
        server: Returns what they enter for the server.
        mistakes: Which of it may be wrong.
        menu: What they choose before, when they reconfigure.
        asked: The paths of what is asked once all is entered.
    """

    vendor: str
    entry: Callable[[Simulation], MockConfigEntry]
    secrets: Callable[[Simulation], Iterable[str]]
    models: Mapping[str, Any] = field(default_factory=dict)
    signed_in: bool = False
    steers: bool = True
    calls: Callable[[Simulation], Iterable[LoggedCall]] = lambda sim: sim.foxess.calls
    said: Callable[[Simulation], dict[str, Any]] = lambda sim: {
        "token": sim.foxess.token
    }
    server: Callable[[Simulation], dict[str, Any]] = lambda sim: {
        "server": {"base_url": sim.foxess.base_url}
    }
    mistakes: tuple[str, ...] = ("token",)
    menu: tuple[dict[str, str], ...] = ()
    asked: str = "*"

    async def async_prepare(self, hass: HomeAssistant, sim: Simulation) -> None:
        """Do what comes before the entry."""
        await (async_enter_client_id(hass, sim) if self.signed_in else _nothing())


async def _nothing() -> None:
    """Do nothing."""


CASES: Final = {
    "foxess": Case(
        vendor="foxess", entry=make_entry, secrets=lambda sim: [sim.foxess.token]
    ),
    "foxess_signed_in": Case(
        vendor="foxess",
        entry=lambda sim: make_signed_in(sim, lifetime=3600),
        secrets=lambda sim: [
            sim.foxess.oauth_client.client_secret,
            *(
                token
                for grant in sim.foxess.oauth._grants  # noqa: SLF001
                for token in (grant.access_token, grant.refresh_token)
            ),
        ],
        signed_in=True,
        said=lambda sim: {"server": {"base_url": sim.foxess.base_url}},
        mistakes=(),
        menu=({"next_step_id": "foxess_sign_in"},),
        # The page of the browser is none of ours.
        asked="/o*",
    ),
    "growatt": Case(
        vendor="growatt",
        entry=make_growatt_entry,
        secrets=lambda sim: [sim.growatt.token],
        models={"growatt": ("MIN-XH",)},
        calls=lambda sim: sim.growatt.calls,
        said=lambda sim: {"token": sim.growatt.token},
        server=lambda sim: {"server": {"base_url": sim.growatt.base_url}},
    ),
    "voltstorage": Case(
        vendor="voltstorage",
        entry=make_voltstorage_entry,
        secrets=lambda sim: [
            sim.voltstorage.email,
            sim.voltstorage.password,
            *sim.voltstorage.accounts._passes,  # noqa: SLF001
        ],
        models={"voltstorage": ("SMART",)},
        steers=False,
        calls=lambda sim: sim.voltstorage.calls,
        said=lambda sim: {
            "email": sim.voltstorage.email,
            "password": sim.voltstorage.password,
        },
        server=lambda sim: {"server": {"base_url": sim.voltstorage.base_url}},
        mistakes=("password",),
    ),
    "eaton": Case(
        vendor="eaton",
        entry=make_eaton_entry,
        secrets=lambda sim: [
            *(user.password for user in sim.eaton.first.sign_in.users.values()),
            *sim.eaton.first.sign_in.by_token,
        ],
        models={"eaton": ("AC",)},
        calls=lambda sim: sim.eaton.first.calls,
        said=lambda sim: {
            "user_type": "customer",
            "username": sim.eaton.first.customer.name,
            "password": sim.eaton.first.customer.password,
        },
        server=lambda sim: {"host": f"{sim.eaton.first.host}:{sim.eaton.first.port}"},
        mistakes=("password",),
    ),
}


def forms(secret: str) -> set[str]:
    """Return how a secret may be written."""
    return {
        secret,
        quote(secret, safe=""),
        json.dumps(secret)[1:-1],
        repr(secret)[1:-1],
        base64.b64encode(secret.encode()).decode().rstrip("="),
        base64.urlsafe_b64encode(secret.encode()).decode().rstrip("="),
        secret.encode().hex(),
    }
