"""An account of each vendor is added in the settings, and leads to the page of its device."""

import re

from playwright.async_api import expect
import pytest

from scripts.house_demo.vendors import VENDORS

from .adding import add_integration
from .pages import Visitor, keep

PERCENT = re.compile(r"^\s*\d+\s*%\s*$")


@pytest.mark.parametrize(
    ("vendor", "device"),
    [
        ("eaton", "xStorage Home"),
        ("foxess", "Fox ESS KH8"),
        ("growatt", "Growatt MIN"),
        ("voltstorage", "VoltStorage SMART"),
    ],
)
async def test_from_the_menu_to_the_device(
    newcomer: Visitor, vendor: str, device: str
) -> None:
    """Menu, forms and what is found lead to a device that shows its battery's SOC."""
    account = newcomer.place.houses.accounts[vendor]
    page = await newcomer.open("/config/integrations/dashboard")
    await add_integration(page, VENDORS[vendor].answers(account))
    await page.get_by_role("link", name="Home Battery").click()
    # The list still grows: under a mouse there may be another device by then.
    await page.get_by_text(device, exact=True).dispatch_event("click")
    await expect(page.get_by_role("heading", name="Device info")).to_be_visible()
    await expect(page.get_by_text("Battery", exact=True)).to_be_visible()
    await expect(page.get_by_text(PERCENT).first).to_be_visible()
    await keep(page, f"device-{vendor}")
