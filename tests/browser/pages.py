"""Pages of a person who is logged in, and what the browser complains of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
import json
import os
from pathlib import Path
import re
import time
from types import MappingProxyType
from typing import Literal

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
)

from .place import Place

type Scheme = Literal["light", "dark"]

WIDE, PHONE = (1280, 900), (390, 844)
# A page may take so long to show something, on a machine that has other things to do.
PATIENCE_MS = 40_000
SCREENSHOTS = "HOME_BATTERY_SCREENSHOTS"
_TOKEN_SECONDS = 1800

# What the frontend itself says for reasons outside of this integration, and the reason.
EXPECTED: Mapping[re.Pattern[str], str] = MappingProxyType(
    {
        re.compile(
            r"/api/brands/(?!integration/home_battery/)"
        ): "Pictures of other integrations come from the internet",
        re.compile(
            r"demo\.home-assistant\.io/stub_config/"
        ): "So do those in the previews of cards with pictures",
        re.compile(
            r"\A: disconnected\s*\Z"
        ): "A long list is closed while it is laid out, such as that of brands",
    }
)


@dataclass(kw_only=True)
class Visitor:
    """Opens pages in contexts of their own, and remembers what went wrong on any of them."""

    browser: Browser
    place: Place
    problems: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    async def open(
        self,
        path: str = "/",
        *,
        scheme: Scheme = "light",
        size: tuple[int, int] = WIDE,
        language: str = "en",
    ) -> Page:
        """Open a page of Home Assistant, as somebody who has chosen a language sees it."""
        width, height = size
        context = await self.browser.new_context(
            base_url=self.place.home.url,
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            has_touch=size == PHONE,
            timezone_id="Europe/Berlin",
        )
        self.contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        kept = {"hassTokens": self._tokens(), "selectedLanguage": json.dumps(language)}
        await context.add_init_script(
            f"Object.assign(localStorage, {json.dumps(kept)})"
        )
        page = await context.new_page()
        page.on("console", self._on_console)
        page.on("pageerror", self._on_error)
        page.on("requestfailed", self._on_failure)
        await page.goto(path)
        return page

    async def leave(self) -> None:
        """Close all pages."""
        for context in self.contexts:
            await context.close()

    def unexpected(self) -> list[str]:
        """Return what went wrong, but for what has its reasons."""
        return [
            problem
            for problem in self.problems
            if not any(pattern.search(problem) for pattern in EXPECTED)
        ]

    def _tokens(self) -> str:
        """Return what the frontend keeps of a person who is logged in."""
        home = self.place.home
        return json.dumps(
            {
                "access_token": home.token,
                "token_type": "Bearer",
                "refresh_token": "",
                "expires_in": _TOKEN_SECONDS,
                "hassUrl": home.url,
                "clientId": f"{home.url}/",
                "expires": (time.time() + _TOKEN_SECONDS) * 1000,
            }
        )

    def _on_console(self, message: ConsoleMessage) -> None:
        """Remember what is printed as an error."""
        if message.type == "error":
            place = message.location
            self.problems.append(f"{message.text} ({place.get('url')})")

    def _on_error(self, error: Error) -> None:
        """Remember an error that nothing has caught."""
        self.problems.append(f"{error.name}: {error.message}\n{error.stack}")

    def _on_failure(self, request: Request) -> None:
        """Remember a request that was not answered, unless the page gave it up itself."""
        if request.failure != "net::ERR_ABORTED":
            self.problems.append(f"{request.failure}: {request.url}")


async def keep(page: Page, name: str) -> None:
    """Keep a screenshot, where somebody wants them."""
    if folder := os.environ.get(SCREENSHOTS):
        await page.screenshot(path=Path(folder) / f"{name}.png")
