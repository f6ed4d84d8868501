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
# What is put out of sight has no place to be cut off from.
_CUT_OFF = """
(cards) => {
  const found = [];
  const parentOf = (node) => node.assignedSlot ?? node.parentElement ?? node.parentNode.host;
  const judge = (text, box, inner, card) => {
    for (let outer = inner; outer !== card; outer = parentOf(outer)) {
      const { left, right, width } = outer.getBoundingClientRect();
      const inline = getComputedStyle(outer).display === "inline";
      if (inline || !width) continue;
      if (width <= 1) return;
      if (box.left < left - 1 || box.right > right + 1) {
        found.push(`${text}: ${box.left} to ${box.right} in ${outer.localName}.${outer.className}`);
        return;
      }
    }
  };
  const look = (node, card) => {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE && child.data.trim()) {
        const range = document.createRange();
        range.selectNodeContents(child);
        for (const box of range.getClientRects()) judge(child.data.trim(), box, node, card);
      } else if (child.localName === "select") {
        const { width } = child.getBoundingClientRect();
        child.style.width = "max-content";
        const needed = child.getBoundingClientRect().width;
        child.style.width = "";
        if (needed > width + 1) found.push(`${child.name}: ${needed} in ${width}`);
      } else if (child.nodeType === Node.ELEMENT_NODE && child.localName !== "style") {
        look(child, card);
        if (child.shadowRoot) look(child.shadowRoot, card);
      }
    }
  };
  for (const card of cards) look(card.shadowRoot, card);
  return found;
}
"""
_TEXTS = """
(cards) => {
  const found = [];
  const look = (node) => {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) found.push(child.data);
      if (child.nodeType !== Node.ELEMENT_NODE) continue;
      found.push(...["aria-label", "placeholder", "title"].map((name) => child.getAttribute(name)));
      look(child);
      if (child.shadowRoot) look(child.shadowRoot);
    }
  };
  for (const card of cards) look(card.shadowRoot);
  return found.filter(Boolean).map((text) => text.trim()).filter(Boolean);
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


async def cut_off(page: Page) -> list[str]:
    """Return the texts of the cards that do not fit into what they stand in."""
    found: list[str] = await page.locator(CARD).evaluate_all(_CUT_OFF)
    return found


async def texts_on(page: Page) -> set[str]:
    """Return all that the cards of a page say, to whoever sees or hears it."""
    return set(await page.locator(CARD).evaluate_all(_TEXTS))


async def violations(page: Page) -> list[str]:
    """Return what axe finds in the cards of a page."""
    await page.evaluate(Axe().axe_script)
    found: list[str] = await page.locator(CARD).evaluate_all(_AXE)
    return found
