"""Numbers that look random and are the same in every run."""

from functools import lru_cache
from hashlib import blake2b


@lru_cache(maxsize=65536)
def fraction(*key: str | int) -> float:
    """Return a number in [0, 1) that depends on nothing but the key."""
    text = "|".join(str(part) for part in key).encode()
    return int.from_bytes(blake2b(text, digest_size=6).digest()) / 2**48


def smooth(position: float, *key: str | int) -> float:
    """Return a number in [0, 1] that changes gently as `position` grows by whole steps."""
    index = int(position // 1)
    share = position - index
    weight = share * share * (3 - 2 * share)
    return fraction(*key, index) * (1 - weight) + fraction(*key, index + 1) * weight
