"""Names that a server sends are words, wherever they are shown: never a picture, a link or a script."""

from collections.abc import AsyncIterator

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Page, expect
import pytest

from scripts.house_demo.pages import open_on_dashboard
from scripts.house_demo.vendors import VENDORS

from .adding import choose_integration, close_dialogs, give_answers
from .looks import CARD
from .pages import Visitor, keep
from .place import Place

AN_HOUR = 3600
MODEL = "KH8"
EVIL = "KH8<img src=x onerror=caught=1>[a](javascript:caught=1)![b](/evil.png){{ 1 + 1 }}{device}"
# The same words, without what HTML and Markdown go by.
SHOWN = "KH8‹img src=x onerror=caught=1›(a)(javascript:caught=1)!(b)(/evil.png){{ 1 + 1 }}{device}"


@pytest.fixture
async def evil_server(empty_place: Place) -> AsyncIterator[str]:
    """Serve the simulated cloud with another model in all of its answers; yield the address."""
    base = empty_place.houses.accounts["foxess"]["base_url"]
    async with aiohttp.ClientSession(base) as session:

        async def hand_on(request: web.Request) -> web.Response:
            async with session.request(
                request.method,
                request.rel_url,
                data=await request.read(),
                headers=request.headers,
            ) as answer:
                text = (await answer.text()).replace(f'"{MODEL}"', f'"{EVIL}"')
                return web.Response(text=text, content_type="application/json")

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", hand_on)
        server = TestServer(app, host="127.0.0.1")
        await server.start_server()
        yield str(server.make_url("/")).rstrip("/")
        await server.close()


async def assert_harmless(page: Page) -> None:
    """Check that the name is there as a text, and has become nothing else."""
    await expect(page.get_by_text(SHOWN).first).to_be_visible()
    for what in ("[onerror]", "img[src*=evil]", "img[src=x]", "a[href^=javascript]"):
        await expect(page.locator(what)).to_have_count(0)
    assert await page.evaluate("window.caught") is None


async def test_hostile_name(newcomer: Visitor, evil_server: str) -> None:
    """Dialogs, card and repair show it as words, and nothing comes of it."""
    place = newcomer.place
    account = place.houses.accounts["foxess"]
    async with aiohttp.ClientSession(raise_for_status=True) as session:
        await session.post(
            f"{place.houses.control_url}/house",
            json={"serial": account["devices"][0]["serial"], "clock": AN_HOUR},
        )
    answers = VENDORS["foxess"].answers({**account, "base_url": evil_server})
    found = {"found": answers["found"]}
    page = await newcomer.open("/config/integrations/dashboard")
    await choose_integration(page)
    await give_answers(
        page, {step: one for step, one in answers.items() if step not in found}
    )
    await assert_harmless(page)
    await give_answers(page, found)
    await close_dialogs(page)
    await open_on_dashboard(place.home.client)
    await page.goto("/home-battery")
    await expect(page.locator(CARD).get_by_role("heading", name=SHOWN)).to_be_visible()
    await assert_harmless(page)
    await keep(page, "names-card")
    await page.goto("/config/repairs")
    await page.get_by_text("The clock of Fox").click()
    await expect(page.get_by_role("paragraph").filter(has_text=SHOWN)).to_be_visible()
    await assert_harmless(page)
    await keep(page, "names-repair")
