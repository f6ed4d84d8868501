"""The card at work: commands, and the schedule by mouse and by keyboard, until the simulator holds it."""

from collections.abc import AsyncIterator
import re
from typing import Any

from playwright.async_api import JSHandle, Page, expect
import pytest

from scripts.house_demo.waiting import wait

from .looks import CARD
from .pages import Visitor, keep
from .place import Place

NAME = "Fox ESS KH8"
PATH = "/home-battery/fox-ess-kh8"
DEVICE_SECONDS = 30
LOOKS = 4
PERIOD = re.compile("^Force charge")


async def groups_of(place: Place) -> list[dict[str, Any]]:
    """Return what the simulated device runs by its schedule."""
    account = place.houses.accounts["foxess"]
    serial = account["devices"][0]["serial"]
    scheduler = (await place.houses.device("foxess", serial))["scheduler"]
    return scheduler["groups"] if scheduler["enabled"] else []


async def holds(place: Place, *wanted: tuple[str, str, str]) -> bool:
    """Return whether the device holds groups of mode, start and end before long."""

    async def held() -> bool:
        return [
            (group["work_mode"], group["start"], group["end"])
            for group in await groups_of(place)
        ] == list(wanted)

    return await wait(held, DEVICE_SECONDS)


async def stands(page: Page) -> bool:
    """Return whether the dashboard stops being built again, as it is while it loads."""
    before: list[JSHandle] = []

    async def stood() -> bool:
        card = await page.locator(CARD).first.evaluate_handle("card => card")
        if not before or not await card.evaluate(
            "(one, two) => one === two", before[0]
        ):
            before.clear()
        before.append(card)
        return len(before) > LOOKS

    return await wait(stood, DEVICE_SECONDS)


@pytest.fixture
async def page(visitor: Visitor) -> AsyncIterator[Page]:
    """Open the page of a system; in the end nothing is left on the device."""
    page = await visitor.open(PATH)
    assert await stands(page)
    yield page
    place = visitor.place
    system = [await place.device_id(NAME)]
    for action in ("stop_override", "clear_schedule"):
        await place.home.client.act("home_battery", action, device_id=system)
    assert await holds(place)


async def save(page: Page) -> None:
    """Save the schedule, and wait until the device has confirmed it."""
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("Confirmed by the device.")).to_be_visible()


async def test_command(page: Page, visitor: Visitor) -> None:
    """A command begins on the device, shows how it ends, and is taken back."""
    charge = page.get_by_role("button", name="Charge", exact=True)
    await charge.click()
    await page.get_by_role("spinbutton", name="Target SOC").fill("63")
    await page.get_by_role("button", name="Start charging").click()
    await expect(page.get_by_text(re.compile(r"^Charging until .*63%"))).to_be_visible()

    async def charges() -> bool:
        # Late in the evening it takes two groups, one on either side of midnight.
        return {
            (group["work_mode"], group["params"]["fdSoc"])
            for group in await groups_of(visitor.place)
        } == {("ForceCharge", 63)}

    assert await wait(charges, DEVICE_SECONDS)
    await keep(page, "command")
    await page.get_by_role("button", name="Back to normal").click()
    await expect(charge).to_be_visible()
    assert await holds(visitor.place)


async def test_schedule_by_mouse(page: Page, visitor: Visitor) -> None:
    """A period is drawn over the day, longer when its edge is drawn, and held by the device."""
    plot = page.locator("home-battery-schedule .plot")
    await plot.scroll_into_view_if_needed()

    async def drag(begin: float, end: float) -> None:
        """Drag from an hour of the day to another."""
        box = await plot.bounding_box()
        assert box is not None
        height = box["y"] + box["height"] / 2
        await page.mouse.move(box["x"] + box["width"] * begin / 24, height)
        await page.mouse.down()
        for hour in ((begin + end) / 2, end):
            await page.mouse.move(box["x"] + box["width"] * hour / 24, height, steps=4)
        await page.mouse.up()

    await drag(2, 5)
    await expect(page.get_by_role("button", name=PERIOD)).to_have_accessible_name(
        re.compile("2:00 AM to 5:00 AM")
    )
    await drag(5, 6)
    await save(page)
    assert await holds(visitor.place, ("ForceCharge", "02:00", "05:59"))
    await keep(page, "schedule")


async def test_schedule_by_keyboard(page: Page, visitor: Visitor) -> None:
    """A period is added, moved, made longer and saved without a mouse."""
    await page.get_by_role("button", name="Add period").press("Enter")
    await expect(page.get_by_role("textbox", name="Start")).to_be_focused()
    await page.keyboard.type("0300AM")
    await page.get_by_role("textbox", name="End").press_sequentially("0600AM")
    await page.keyboard.press("Escape")
    period = page.get_by_role("button", name=PERIOD)
    await expect(period).to_be_focused()
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("Shift+ArrowRight")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Confirmed by the device.")).to_be_visible()
    assert await holds(visitor.place, ("ForceCharge", "02:45", "05:59"))


async def test_impossible_edit(page: Page, visitor: Visitor) -> None:
    """What the device would refuse is told with its limit, and cannot be sent."""
    await page.get_by_role("button", name="Add period").click()
    await page.get_by_role("button", name=PERIOD).click()
    power = page.get_by_role("spinbutton", name="Power")
    limit = await power.get_attribute("max")
    await power.fill("99999")
    alert = page.get_by_role("alert").filter(has_text="99999")
    await expect(alert).to_contain_text(f"the range the device accepts: 1–{limit}")
    await expect(page.get_by_role("button", name="Save", exact=True)).to_be_disabled()
    await keep(page, "impossible")
    await page.get_by_role("button", name="Discard").click()
    await expect(page.get_by_text("No periods.")).to_be_visible()
    assert await holds(visitor.place)


async def test_picker_and_editor(visitor: Visitor) -> None:
    """The card is in the picker with a preview, and its editor changes what it shows."""
    client = visitor.place.home.client
    await client.command(
        "lovelace/dashboards/create", url_path="own-page", title="Own page"
    )
    empty = {"views": [{"title": "Own", "cards": []}]}
    await client.command("lovelace/config/save", url_path="own-page", config=empty)
    page = await visitor.open("/own-page/0?edit=1")
    await page.get_by_role("button", name="Add card").click()
    await page.get_by_role("tab", name="By card").click()
    await page.get_by_placeholder("Search cards").fill("Home Battery")
    await expect(page.locator(CARD).get_by_text("House", exact=True)).to_be_visible()
    await keep(page, "picker")
    # Over a preview lies what takes the click.
    await page.get_by_text("Home Battery", exact=True).last.click(force=True)
    await page.get_by_role("textbox", name="Title").fill("In the cellar")
    await expect(page.get_by_role("heading", name="In the cellar")).to_be_visible()
    schedule = page.get_by_role("group", name="Schedule")
    await expect(schedule).to_have_count(1)
    await page.get_by_role("switch").nth(2).press("Space")
    await expect(schedule).to_have_count(0)
    await keep(page, "editor")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_role("dialog")).to_be_hidden()
    saved = await client.command("lovelace/config", url_path="own-page")
    assert saved["views"][0]["cards"] == [
        {
            "type": "custom:home-battery-card",
            "device": await visitor.place.device_id(NAME),
            "title": "In the cellar",
            "schedule": False,
        }
    ]
