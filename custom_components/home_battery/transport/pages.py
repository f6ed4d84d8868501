"""Lists that come in pages, which have an end although a server may know none."""

from typing import Final

import orjson

from .errors import TransientError

_MOST_BYTES: Final = 32 * 1024 * 1024


class Pages:
    """What the pages of one list come to."""

    def __init__(self) -> None:
        """Begin with none."""
        self._size = 0

    def take[T](self, page: T) -> T:
        """Return a page, as long as they are not too much together.

        Raises:
            TransientError: They are.
        """
        self._size += len(orjson.dumps(page))
        if self._size > _MOST_BYTES:
            raise TransientError("The list has no end")
        return page
