"""An account is added as a person adds it: with mouse and keyboard, from the settings to the device's page."""

from collections.abc import Mapping
import json
from pathlib import Path
from typing import Any

from playwright.async_api import Page, expect

from scripts.house_demo.flow import Answers

TEXTS = (
    Path(__file__).parents[2]
    / "custom_components"
    / "home_battery"
    / "translations"
    / "en.json"
)
_STEPS: dict[str, Any] = json.loads(TEXTS.read_text())["config"]["step"]
_NEXT = "next_step_id"
# The fields that are chosen and not written, with what stands at the choices.
_CHOICES = {"user_type": {"customer": "Customer"}}
# What is chosen where an address can also be written, before anyone has.
_FIRST_CHOICE = "find"


async def add_integration(page: Page, answers: Answers) -> None:
    """Walk through the dialogs with an answer to each step, and close what is offered in the end."""
    await choose_integration(page)
    await give_answers(page, answers)
    await close_dialogs(page)


async def choose_integration(page: Page) -> None:
    """Begin from the settings."""
    await page.get_by_role("button", name="Add integration").click()
    await page.get_by_placeholder("Search for a brand name").fill("Home Battery")
    await page.get_by_role("button", name="Home Battery", exact=True).click()


async def give_answers(page: Page, answers: Answers) -> None:
    """Walk through some steps."""
    for step, answer in answers.items():
        await _answer(page, _STEPS[step], answer)


async def close_dialogs(page: Page) -> None:
    """Close what is offered in the end."""
    await page.get_by_text("Done", exact=True).click()
    await page.get_by_role("button", name="Finish").click()


async def _answer(
    page: Page, texts: Mapping[str, Any], answer: Mapping[str, Any]
) -> None:
    """Choose from a menu, or fill in a form and send it."""
    if _NEXT in answer:
        option = texts["menu_options"][answer[_NEXT]]
        await page.get_by_text(option, exact=True).click()
        return
    await expect(page.get_by_role("button", name="Submit")).to_be_visible()
    await _fill(page, texts, answer)
    await page.get_by_role("button", name="Submit").click()


async def _fill(
    page: Page, texts: Mapping[str, Any], answer: Mapping[str, Any]
) -> None:
    """Fill in fields by their labels; what a section holds shows when it is opened."""
    for key, value in answer.items():
        if isinstance(value, Mapping):
            section = texts["sections"][key]
            await page.get_by_text(section["name"], exact=True).click()
            await _fill(page, section, value)
        elif key in _CHOICES:
            await page.get_by_text(_CHOICES[key][value], exact=True).click()
        else:
            await _write(page, texts["data"][key], value)


async def _write(page: Page, label: str, value: str) -> None:
    """Write into a field, or as a choice of one's own where there are some to choose from."""
    field = page.get_by_role("textbox", name=label)
    choice = page.get_by_text(_FIRST_CHOICE, exact=True)
    await expect(field.or_(choice).first).to_be_visible()
    if await field.count():
        await field.fill(value)
        return
    await choice.click()
    await page.get_by_placeholder("Search | Add custom item").fill(value)
    await page.get_by_text("Add custom item", exact=True).click()
