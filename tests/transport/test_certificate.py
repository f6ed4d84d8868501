"""A server that is trusted by the fingerprint of its certificate, and by nothing else."""

from collections.abc import AsyncIterator

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
import pytest

from custom_components.home_battery.transport.errors import (
    CertificateError,
    NotSentError,
    TransientError,
)
from custom_components.home_battery.transport.http import Http, Request, fingerprint_of
from simulator.eaton.certificate import SelfSigned

GET = Request(method="GET", path="/any")
NOBODY = "00" * 32


class Served:
    """A server with a certificate of its own, and how often it was asked."""

    def __init__(self, certificate: SelfSigned) -> None:
        """Nobody has asked yet."""
        self.certificate = certificate
        self.asked = 0
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        """Answer anything."""
        self.asked += 1
        return web.json_response({})


@pytest.fixture
async def served(socket_enabled: None) -> AsyncIterator[Served]:
    """Serve over HTTPS."""
    served = Served(SelfSigned("tests"))
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", served.handle)
    server = TestServer(app, host="127.0.0.1", scheme="https")
    await server.start_server(ssl=served.certificate.context, access_log=None)
    served.url = str(server.make_url("/")).rstrip("/")
    yield served
    await server.close()


async def test_pinned(session: ClientSession, served: Served) -> None:
    """The server with the trusted certificate is asked."""
    http = Http(session, served.url, "tests/1.0", served.certificate.fingerprint)
    assert (await http.send(GET)).status == 200


async def test_another_certificate(session: ClientSession, served: Served) -> None:
    """Another one is told of what it shows, and never asked."""
    with pytest.raises(CertificateError) as caught:
        await Http(session, served.url, "tests/1.0", NOBODY).send(GET)
    assert caught.value.fingerprint == served.certificate.fingerprint
    assert served.asked == 0


async def test_without_a_pin(session: ClientSession, served: Served) -> None:
    """Without a fingerprint the usual authorities decide, and refuse."""
    with pytest.raises(NotSentError):
        await Http(session, served.url, "tests/1.0").send(GET)
    assert served.asked == 0


async def test_fingerprint_of(session: ClientSession, served: Served) -> None:
    """The fingerprint is found out without a request."""
    shown = await fingerprint_of(session, served.url, "tests/1.0")
    assert shown == served.certificate.fingerprint
    assert served.asked == 0


async def test_no_certificate(session: ClientSession, served: Served) -> None:
    """A server that is not asked for encryption shows none."""
    plain = served.url.replace("https://", "http://")
    with pytest.raises(TransientError):
        await fingerprint_of(session, plain, "tests/1.0")
