"""Dashboard and energy page, as people with all kinds of screens see them."""

from playwright.async_api import expect
import pytest

from .looks import CARD, sticking_out, violations
from .pages import PHONE, WIDE, Scheme, Visitor, keep

SYSTEMS = ("Fox ESS KH8", "Growatt MIN", "VoltStorage SMART", "xStorage Home")

schemes = pytest.mark.parametrize("scheme", ["light", "dark"])
sizes = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])


@schemes
@sizes
async def test_overview(
    visitor: Visitor, scheme: Scheme, size: tuple[int, int]
) -> None:
    """The person begins on a page with a card of each system, which all can read."""
    page = await visitor.open("/", scheme=scheme, size=size)
    await expect(page.locator(CARD)).to_have_count(len(SYSTEMS))
    for name in SYSTEMS:
        await expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    await keep(page, f"overview-{scheme}-{size[0]}")
    assert await sticking_out(page) == []


@schemes
@sizes
async def test_systems(visitor: Visitor, scheme: Scheme, size: tuple[int, int]) -> None:
    """Each system has a page of its own."""
    page = await visitor.open("/", scheme=scheme, size=size)
    found: list[str] = []
    for name in SYSTEMS:
        await page.get_by_role("tab", name=name).click()
        await expect(
            page.get_by_role("heading", name=name, exact=True).first
        ).to_be_visible()
        await keep(page, f"{name}-{scheme}-{size[0]}")
        found += await sticking_out(page)
    assert found == []


@schemes
async def test_cards_are_accessible(visitor: Visitor, scheme: Scheme) -> None:
    """No card keeps anyone out, also with its forms open."""
    page = await visitor.open("/", scheme=scheme)
    await expect(page.locator(CARD)).to_have_count(len(SYSTEMS))
    found = await violations(page)
    for name in SYSTEMS:
        await page.get_by_role("tab", name=name).click()
        await expect(
            page.get_by_role("heading", name=name, exact=True).first
        ).to_be_visible()
        found += await violations(page)
    await page.get_by_role("tab", name="Fox ESS KH8").click()
    await page.get_by_role("button", name="Charge", exact=True).click()
    await page.get_by_role("button", name="Add period").click()
    await expect(page.get_by_role("group", name="Period 1")).to_be_visible()
    found += await violations(page)
    assert "\n".join(found) == ""


@schemes
@sizes
async def test_energy_page(
    visitor: Visitor, scheme: Scheme, size: tuple[int, int]
) -> None:
    """The energy page has something of today."""
    page = await visitor.open("/energy", scheme=scheme, size=size)
    await expect(page.get_by_text("Energy distribution")).to_be_visible()
    await expect(page.get_by_text("Solar total")).to_be_visible()
    assert await sticking_out(page) == []
    await keep(page, f"energy-{scheme}-{size[0]}")
