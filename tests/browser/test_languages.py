"""The card in every language: nothing is missing, nothing stays English, and all of it fits on a phone."""

from collections.abc import Iterable
import json
import re
from typing import Any

from playwright.async_api import expect
import pytest

from .adding import TEXTS
from .looks import CARD, cut_off, sticking_out, texts_on
from .pages import PHONE, Visitor, keep

LANGUAGES: dict[str, dict[str, Any]] = {
    path.stem: json.loads(path.read_text()) for path in TEXTS.parent.glob("*.json")
}
KEY = re.compile(r"[a-z]+(?:_[a-z0-9]+)+|.*\bundefined\b.*|.*\{\w+\}.*", re.DOTALL)


def said(language: str) -> dict[str, str]:
    """Return what the card can say in a language, by key."""
    tree = LANGUAGES[language]
    modes = tree["entity"]["sensor"]["active_mode"]["state"]
    return {**tree["common"], **{f"mode {key}": name for key, name in modes.items()}}


def foreign(language: str) -> re.Pattern[str]:
    """Return what matches the English texts that are others in a language."""
    own = said(language)
    texts = {
        text
        for key, text in said("en").items()
        if own[key] != text and text not in own.values()
    }
    return re.compile("|".join(map(_filled, texts)) or "(?!)", re.DOTALL)


def _filled(text: str) -> str:
    """Return a pattern of a text, with whatever its placeholders may be."""
    return ".+".join(map(re.escape, re.split(r"\{\w+\}", text)))


def matching(pattern: re.Pattern[str], texts: Iterable[str]) -> list[str]:
    """Return the texts that are what a pattern says."""
    return [text for text in texts if pattern.fullmatch(text)]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
async def test_card(visitor: Visitor, language: str) -> None:
    """Flow, commands and schedule speak the language, also with their forms open."""
    own = said(language)
    page = await visitor.open(
        "/home-battery/fox-ess-kh8", size=PHONE, language=language
    )
    for what in ("charge", "hold"):
        name = own[f"command_{what}"]
        await page.get_by_role("button", name=name, exact=True).click()
        await expect(page.locator("#form select").first).to_be_visible()
        assert await cut_off(page) == []
    await page.get_by_role("button", name=own["schedule_add"]).click()
    form = page.get_by_role("group", name=own["schedule_period"].format(number=1))
    await expect(form).to_be_visible()
    await keep(page, f"language-{language}")
    assert await cut_off(page) == []
    assert await sticking_out(page) == []
    shown = await texts_on(page)
    assert own["schedule_follow"] in shown
    assert matching(KEY, shown) == []
    assert matching(foreign(language), shown) == []
    await expect(page.locator(CARD)).to_have_count(2)
