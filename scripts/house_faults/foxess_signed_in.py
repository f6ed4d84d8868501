"""Fox ESS where a person has signed in instead of entering a key (Fox ESS notes, 1.4)."""

from dataclasses import replace
from typing import Any, Final

from custom_components.home_battery.const import DOMAIN
from homeassistant.components.application_credentials import (
    ClientCredential,
    async_import_client_credential,
)
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from scripts.house_demo.flow import Answers
from simulator import Simulation
from simulator.faults import Fault as Cause

from .faults import DOWN, SIGNED_OUT, status
from .foxess import FOXESS
from .model import NOTHING, Fate, Fault, Turn
from .stage import Stage

_REFRESH: Final = "/oauth2/refresh"


async def _prepare(hass: HomeAssistant, sim: Simulation) -> None:
    """Enter the client id that the vendor has given out."""
    for component in ("my", "application_credentials", DOMAIN):
        await async_setup_component(hass, component, {})
    client = sim.foxess.oauth_client
    credential = ClientCredential(client.client_id, client.client_secret)
    await async_import_client_credential(hass, DOMAIN, credential)


def _agree(sim: Simulation) -> dict[str, Any]:
    """Sign in, and agree."""
    client = sim.foxess.oauth_client
    return {
        "state": {},
        "code": sim.foxess.oauth.code_for(client.client_id, "data_access"),
    }


def _answers(account: dict[str, Any]) -> Answers:
    """Answer the steps of the flow."""
    return {
        "user": {"next_step_id": FOXESS.key},
        "foxess": {"next_step_id": "foxess_sign_in"},
        "foxess_sign_in": {"server": {"base_url": account["base_url"]}},
        "pick_implementation": {"implementation": DOMAIN},
        "found": {"next_step_id": "control"},
    }


def _expire(stage: Stage) -> None:
    """Let every access token have run out."""
    stage.sim.foxess.oauth.expire()


def _revoke(stage: Stage) -> None:
    """End all that was granted."""
    oauth = stage.sim.foxess.oauth
    for grant in oauth.grants:
        oauth.revoke(grant.access_token)


def _no_renewal(
    kind: str, value: int | None = None, *, count: int | None = None
) -> Turn:
    """Return what lets access tokens run out, and renewing them meet a fault."""

    def fail(stage: Stage) -> None:
        stage.sim.faults.add(
            Cause(vendor=FOXESS.key, kind=kind, path=_REFRESH, value=value, count=count)
        )
        _expire(stage)

    return fail


FOXESS_SIGNED_IN: Final = replace(
    FOXESS,
    way="signed in",
    answers=_answers,
    prepare=_prepare,
    agree=_agree,
    faults=(
        Fault(
            name="token expires",
            begin=_expire,
            outcome=replace(NOTHING, everywhere=True),
        ),
        Fault(
            name="sign-in revoked",
            begin=_revoke,
            outcome=replace(SIGNED_OUT, everywhere=True),
        ),
        status(401, SIGNED_OUT),
        # The next refresh token was in it, and the former is worth nothing any more.
        Fault(
            name="renewal: answer lost",
            begin=_no_renewal("empty", count=1),
            outcome=replace(SIGNED_OUT, everywhere=True),
            writes=False,
        ),
        # Whatever is wrong with the server is no end of a sign-in.
        *(
            Fault(
                name=f"renewal: {name}",
                begin=begin,
                outcome=replace(DOWN, write=Fate.REFUSED, everywhere=True),
            )
            for name, begin in {
                "HTTP 403": _no_renewal("status", 403),
                "HTTP 500": _no_renewal("status", 500),
                "HTML": _no_renewal("html"),
                "hung up": _no_renewal("refuse"),
                "reset": _no_renewal("reset"),
            }.items()
        ),
    ),
)
