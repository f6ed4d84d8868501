"""Slots: where new ones go, and the way there."""

from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.vendors.growatt.steering.slots import (
    EMPTY,
    Slot,
    Slots,
    arranged,
    steps,
)

SLOT = st.builds(
    Slot,
    start=st.integers(0, 30),
    end=st.integers(0, 30),
    mode=st.integers(0, 2),
    enabled=st.booleans(),
    readable=st.booleans(),
)


@st.composite
def apart(draw: st.DrawFn, most: int = 9) -> list[Slot]:
    """Return slots in use that do not share a minute."""
    count = draw(st.integers(0, most))
    edges = sorted(
        draw(st.sets(st.integers(0, 40), min_size=2 * count, max_size=2 * count))
    )
    return [
        Slot(
            start=start,
            end=end,
            mode=draw(st.integers(0, 2)),
            enabled=draw(st.booleans()),
        )
        for start, end in zip(edges[::2], edges[1::2], strict=True)
    ]


def nine(slots: list[Slot]) -> list[Slot]:
    """Return slots with empty ones behind."""
    return [*slots, *[EMPTY] * (9 - len(slots))]


@given(apart(), st.lists(SLOT, min_size=9, max_size=9).map(tuple))
def test_what_is_wanted_is_there_and_nothing_else(
    wanted: list[Slot], held: Slots
) -> None:
    """All that is wanted has a place, and nothing else stays in force."""
    result = arranged(wanted, held)
    assert len(result) == len(held)
    assert sorted(map(repr, (slot for slot in result if slot.used))) == sorted(
        map(repr, wanted)
    )
    assert not any(slot.enabled and not slot.readable for slot in result)


@given(apart().flatmap(lambda wanted: st.permutations(nine(wanted))))
def test_what_is_held_stays(held: list[Slot]) -> None:
    """A device that holds what is wanted already is not written to."""
    wanted = [slot for slot in held if slot.used]
    assert arranged(wanted, tuple(held)) == tuple(held)


@given(apart().flatmap(st.permutations), apart())
def test_nothing_is_ever_in_the_way(held: list[Slot], wanted: list[Slot]) -> None:
    """After each write, no two slots in force share a minute, and the last one fits."""
    before = tuple(nine(held))
    now: dict[int, Slots] = {number: (slot,) for number, slot in enumerate(before)}
    then: dict[int, Slots] = {
        number: (slot,) for number, slot in enumerate(arranged(wanted, before))
    }
    for number, slots in steps(dict(now), then):
        now[number] = slots
        every = [slot for (slot,) in now.values()]
        assert not any(
            one.meets(other)
            for index, one in enumerate(every)
            for other in every[:index]
        )
    assert now == then


@given(apart(), apart(), st.integers(0, 9), st.integers(0, 9))
def test_directions_written_whole(
    held: list[Slot], wanted: list[Slot], held_split: int, wanted_split: int
) -> None:
    """What is written together finds its way too, and ends where it shall."""
    now = {"a": tuple(held[:held_split]), "b": tuple(held[held_split:])}
    then = {"a": tuple(wanted[:wanted_split]), "b": tuple(wanted[wanted_split:])}
    for name, slots in steps(dict(now), then):
        now[name] = slots
        assert not any(a.meets(b) for a in now["a"] for b in now["b"])
    assert now == then


def test_swapped_places() -> None:
    """Two slots in each other's place: one steps aside first."""
    early = Slot(start=0, end=10, mode=1, enabled=True)
    late = Slot(start=20, end=30, mode=1, enabled=True)
    held = {1: (early,), 2: (late,)}
    wanted = {1: (late,), 2: (early,)}
    assert list(steps(held, wanted)) == [
        (1, (Slot(start=0, end=10, mode=1, enabled=False),)),
        (2, (early,)),
        (1, (late,)),
    ]


def test_slots_that_share_a_minute() -> None:
    """What cannot be held is a mistake of whoever asks."""
    one = Slot(start=0, end=10, enabled=True)
    with pytest.raises(ValueError, match="share a minute"):
        list(steps({1: (EMPTY,), 2: (EMPTY,)}, {1: (one,), 2: (one,)}))


@pytest.mark.parametrize(
    ("start", "end", "used", "readable"),
    [
        ("1:0", "2:0", True, True),
        ("0:0", "0:0", False, True),
        ("5:0", "5:0", False, True),
        ("null", "", False, True),
        (None, None, False, True),
        ("22:0", "6:0", False, False),
        ("11:187", "12:0", False, False),
        ("11:0", "null", False, False),
    ],
)
def test_reading(start: object, end: object, used: bool, readable: bool) -> None:
    """A slot without times is unused; with times that make no sense it is unreadable."""
    slot = Slot.read(start, end, enabled=True)
    assert (slot.used, slot.readable) == (used, readable)
