"""Fixtures: places, a browser, and somebody who opens pages in it."""

from collections.abc import AsyncIterator

from playwright.async_api import Browser, async_playwright, expect
import pytest

from .chromium import arguments, find_chromium
from .pages import PATIENCE_MS, Visitor
from .place import Place, running_place

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Start the browser."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_chromium(), args=arguments()
        )
        yield browser
        await browser.close()


@pytest.fixture(scope="module")
async def empty_place() -> AsyncIterator[Place]:
    """Start houses, and a Home Assistant that knows nothing of them."""
    async with running_place() as place:
        yield place
        assert place.faults() == []


@pytest.fixture(scope="session")
async def furnished_place() -> AsyncIterator[Place]:
    """Start houses, and a Home Assistant that has everything of the demonstration."""
    async with running_place() as place:
        await place.furnish()
        yield place
        assert place.faults() == []


@pytest.fixture
async def newcomer(browser: Browser, empty_place: Place) -> AsyncIterator[Visitor]:
    """Return somebody in the empty place; nothing may go wrong on any page."""
    visitor = Visitor(browser=browser, place=empty_place)
    yield visitor
    await visitor.leave()
    assert "\n".join(visitor.unexpected()) == ""


@pytest.fixture
async def visitor(browser: Browser, furnished_place: Place) -> AsyncIterator[Visitor]:
    """Return somebody in the furnished place; nothing may go wrong on any page."""
    visitor = Visitor(browser=browser, place=furnished_place)
    yield visitor
    await visitor.leave()
    assert "\n".join(visitor.unexpected()) == ""
