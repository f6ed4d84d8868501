"""What a server tells in words, made fit to be shown and logged."""

from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
import re
from typing import Final
from urllib.parse import quote, quote_plus

# As much as a state of Home Assistant can hold.
MOST: Final = 255

_MARKUP: Final = str.maketrans("<>[]`\\", "‹›()'/")
# What Markdown makes a link of without being asked to.
_LINKS: Final = re.compile(
    r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=\S)(?=@)|(?<=@)(?=\S)", re.IGNORECASE
)
# Shorter texts stand in many a sentence by chance.
_LEAST: Final = 4
_SENT: ContextVar[frozenset[str]] = ContextVar("sent", default=frozenset())


def plain(text: str, most: int = MOST) -> str:
    """Return a text in one line, of bounded length, without control characters."""
    if len(text) > most:
        text = f"{text[: most - 1]}…"
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else " " for sign in text)


def harmless(text: str, most: int = MOST) -> str:
    """Return a plain text in which neither HTML nor Markdown finds anything.

    Names and errors come into dialogs that are Markdown, where a foreign server
    shall place no link and no picture.
    """
    shown = _LINKS.sub(" ", plain(text, most).translate(_MARKUP))
    return plain(shown, most)


@contextmanager
def sending(*parts: object) -> Generator[None]:
    """Let no error that arises within quote what was sent: servers repeat it.

    Args:
        parts: Credentials and parameters, in whatever they are kept.
    """
    token = _SENT.set(_SENT.get().union(*map(_forms, _texts(parts))))
    try:
        yield
    finally:
        _SENT.reset(token)


def unquoted(text: str) -> str:
    """Return a text without what is being sent."""
    for sent in sorted(_SENT.get(), key=len, reverse=True):
        text = text.replace(sent, "…")
    return text


def _texts(part: object) -> Iterator[str]:
    """Yield the texts in what is sent."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        yield from _texts(part.values())
    elif isinstance(part, Iterable) and not isinstance(part, bytes):
        for item in part:
            yield from _texts(item)


def _forms(text: str) -> set[str]:
    """Return how a text may be repeated."""
    if len(text) < _LEAST:
        return set()
    return {text, quote(text, safe=""), quote_plus(text)}
