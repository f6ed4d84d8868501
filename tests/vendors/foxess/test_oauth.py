"""Tokens of the simulated cloud, and the calls that are signed with them."""

from typing import Any

from aiohttp import ClientSession
from hypothesis import given
import pytest

from custom_components.home_battery.transport.errors import (
    AuthenticationError,
    TransientError,
)
from custom_components.home_battery.transport.http import Http
from custom_components.home_battery.vendors.foxess.credential import SignedIn
from custom_components.home_battery.vendors.foxess.errors import TokenRefusedError
from custom_components.home_battery.vendors.foxess.oauth import SIGN_IN, tokens_of
from custom_components.home_battery.vendors.oauth import OAuthClient, Tokens
from simulator import Simulation

from .conftest import MakeClient
from .wire import objects


class Owner:
    """Somebody who has signed in, and whose tokens are renewed when one is refused."""

    def __init__(self, sim: Simulation, session: ClientSession) -> None:
        """Sign nobody in yet."""
        self._http = Http(session, sim.foxess.base_url, "tests/1.0")
        self._client = OAuthClient(
            client_id=sim.foxess.oauth_client.client_id,
            client_secret=sim.foxess.oauth_client.client_secret,
        )
        self._sim = sim
        self.tokens: list[Tokens] = []
        self.refused: list[str | None] = []

    async def sign_in(self) -> None:
        """Bring the first tokens."""
        code = self._sim.foxess.oauth.code_for(self._client.client_id, SIGN_IN.scope)
        self.tokens = [await SIGN_IN.exchange(self._http, self._client, code)]

    async def access_token(self, refused: str | None) -> str:
        """Return the access token that is good now."""
        self.refused.append(refused)
        if refused is not None:
            former = str(self.tokens[-1].refresh_token)
            self.tokens.append(await SIGN_IN.refresh(self._http, self._client, former))
        return self.tokens[-1].access_token


@pytest.fixture
async def owner(sim: Simulation, session: ClientSession) -> Owner:
    """Return somebody who has signed in."""
    owner = Owner(sim, session)
    await owner.sign_in()
    return owner


async def test_calls_are_signed_with_the_access_token(
    sim: Simulation, make_client: MakeClient, owner: Owner
) -> None:
    """The access token stands in the private one's place."""
    client = make_client(sim, credential=SignedIn(owner.access_token))
    assert len(await client.plants()) == 1
    assert sim.foxess.calls[-1].token_ok
    assert owner.refused == [None]


async def test_a_token_is_renewed_once(
    sim: Simulation, make_client: MakeClient, owner: Owner
) -> None:
    """A dead token is followed by another, which is the last that is tried."""
    client = make_client(sim, credential=SignedIn(owner.access_token))
    (first,) = owner.tokens
    sim.clock.advance(14 * 86400 + 5)
    assert len(await client.plants()) == 1
    assert owner.refused == [None, first.access_token]
    sim.foxess.oauth.revoke(owner.tokens[-1].access_token)
    with pytest.raises(AuthenticationError):
        await client.plants()


async def test_a_private_token_has_no_successor(
    sim: Simulation, make_client: MakeClient
) -> None:
    """What is refused of a private token is for a person to change."""
    client = make_client(sim, token="nobody")
    with pytest.raises(TokenRefusedError):
        await client.plants()
    assert len(sim.foxess.calls) == 1


async def test_a_refresh_token_is_good_once(owner: Owner) -> None:
    """What is refused is the sign-in, and the error tells no secret."""
    await owner.access_token("refused")
    owner.tokens = owner.tokens[:1]
    with pytest.raises(AuthenticationError) as refused:
        await owner.access_token("refused")
    assert str(refused.value) == "The sign-in is refused (HTTP 400)"


@pytest.mark.parametrize(
    ("told", "lifetime"),
    [
        (1209600, 1209600),
        ("3600", 3600),
        (1.5, 1),
        (0, None),
        (-5, None),
        ("soon", None),
        (None, None),
        (True, None),
        (10**300, None),
    ],
)
def test_lifetime(told: Any, lifetime: int | None) -> None:
    """A lifetime that cannot be true is as good as none."""
    answer = {"access_token": "a", "refresh_token": "", "expires_in": told}
    assert tokens_of(answer) == Tokens(access_token="a", lifetime=lifetime)


@given(answer=objects("access_token", "refresh_token", "expires_in"))
def test_any_answer(answer: Any) -> None:
    """Whatever comes has tokens or has none."""
    try:
        tokens = tokens_of(answer)
    except TransientError:
        return
    assert tokens.access_token
    assert tokens.refresh_token != ""
    assert tokens.lifetime is None or tokens.lifetime >= 1
