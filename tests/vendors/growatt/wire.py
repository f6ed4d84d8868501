"""What the cloud may send, as strategies."""

from typing import Any

from hypothesis import strategies as st

JSON: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**63), 2**64 - 1),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=8),
        st.sampled_from(["", "0", "1", "null", "GMT+1", "2026-06-15 10:00:00"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner)
    ),
    max_leaves=8,
)


def objects(*keys: str) -> st.SearchStrategy[Any]:
    """Return any JSON, often with keys that are known."""
    known = st.fixed_dictionaries({}, optional=dict.fromkeys(keys, JSON))
    return st.one_of(JSON, known)
