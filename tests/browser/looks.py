"""What a page looks like to whoever measures it: what sticks out, and what axe finds."""

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

CARD = "home-battery-card"

# What is within something that scrolls or cuts sticks out of nothing.
_STICKS_OUT = """
(cards) => {
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
  for (const card of cards) look(card.shadowRoot);
  return found;
}
"""
_AXE = """
async (cards) => {
  const { violations } = await axe.run({ include: cards }, { resultTypes: ["violations"] });
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
    return [*found, *await page.locator(CARD).evaluate_all(_STICKS_OUT)]


async def violations(page: Page) -> list[str]:
    """Return what axe finds in the cards of a page."""
    await page.evaluate(Axe().axe_script)
    found: list[str] = await page.locator(CARD).evaluate_all(_AXE)
    return found
