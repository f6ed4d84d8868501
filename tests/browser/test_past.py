"""The past is asked for in the options of an account, as a person does it."""

import json

from playwright.async_api import expect

from scripts.house_demo.flow import add_account
from scripts.house_demo.vendors import VENDORS

from .adding import TEXTS
from .pages import Visitor, keep

OPTIONS = json.loads(TEXTS.read_text())["options"]["step"]


async def test_history(newcomer: Visitor) -> None:
    """The menu leads to what it costs; once begun, a sensor shows how far it is."""
    client = newcomer.place.home.client
    account = newcomer.place.houses.accounts["foxess"]
    await add_account(client, VENDORS["foxess"].answers(account))
    page = await newcomer.open("/config/integrations/integration/home_battery")
    await page.get_by_role("button", name="Configure").first.click()
    dialog, menu = page.locator("dialog-data-entry-flow"), OPTIONS["init"]
    history = OPTIONS["history"]
    await dialog.get_by_text(menu["menu_options"]["history"], exact=True).click()
    await expect(dialog.get_by_text("Fox ESS KH8: ")).to_be_visible()
    await keep(page, "history")
    await dialog.get_by_role("button", name=history["submit"]).click()
    await dialog.get_by_text(menu["menu_options"]["done"], exact=True).click()
    device = await newcomer.place.device_id("Fox ESS KH8")
    page = await newcomer.open(f"/config/devices/device/{device}")
    await expect(page.get_by_text("History import progress")).to_be_visible()
