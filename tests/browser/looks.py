"""What a page looks like to whoever measures it: what sticks out, and what axe finds."""

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

CARD = "home-battery-card"

# What is within something that scrolls or cuts sticks out of nothing.
_STICKS_OUT = """
(card) => {
  const found = [];
  const look = (node) => {
    for (const element of node.children) {
      const { left, right, width } = element.getBoundingClientRect();
      if (width && (left < -1 || right > innerWidth + 1)) {
        found.push(`${element.localName}.${element.getAttribute("class")}: ${left} to ${right}`);
      }
      if (getComputedStyle(element).overflowX !== "visible") continue;
      look(element);
      if (element.shadowRoot) look(element.shadowRoot);
    }
  };
  look(card.shadowRoot);
  return found;
}
"""
_AXE = """
async (card) => {
  const { violations } = await axe.run(card, { resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${failureSummary}`));
}
"""


async def sticking_out(page: Page) -> list[str]:
    """Return what a person would have to scroll sideways for."""
    wider = await page.evaluate(
        "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
    )
    found = [f"the page is {wider} px too wide"] if wider else []
    for card in await page.locator(CARD).element_handles():
        found += await card.evaluate(_STICKS_OUT)
    return found


async def violations(page: Page) -> list[str]:
    """Return what axe finds in the cards of a page."""
    await page.evaluate(Axe().axe_script)
    return [
        violation
        for card in await page.locator(CARD).element_handles()
        for violation in await card.evaluate(_AXE)
    ]
