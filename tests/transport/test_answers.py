"""Answers that stand for their time, over restarts, and no longer."""

import json

from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.transport.answers import Answers, question
from custom_components.home_battery.transport.limiter import Limiter

from .conftest import FakeClock

ANSWER = {"data": [1, None, "ü"]}


def keep(answers: Answers, name: str, *about: str, seconds: float = 300) -> None:
    """Keep an answer."""
    answers.put(name, ANSWER, seconds=seconds, about=about)


@pytest.fixture
def answers(clock: FakeClock) -> Answers:
    """Return no answers yet."""
    return Answers(clock)


def test_answer_stands_for_its_time(answers: Answers, clock: FakeClock) -> None:
    """To the second, and not for another question."""
    keep(answers, "a", seconds=10)
    assert answers.get("a") == ANSWER
    assert answers.get("b") is None
    clock.move(9.9)
    assert answers.get("a") == ANSWER
    clock.move(0.1)
    assert answers.get("a") is None


def test_nobody_changes_it_for_others(answers: Answers) -> None:
    """Each who asks gets an answer of their own."""
    answer = {"list": [1]}
    answers.put("a", answer, seconds=10, about=())
    answer["list"].append(2)
    first = answers.get("a")
    assert first == {"list": [1]}
    first["list"].append(3)
    assert answers.get("a") == {"list": [1]}


def test_answers_survive_a_restart(clock: FakeClock) -> None:
    """With the limits, over JSON, and with the time that is left."""
    first = Limiter(clock)
    keep(first.answers, "a", "SN1")
    keep(first.answers, "b", seconds=10)
    clock.move(10)
    stored = json.loads(json.dumps(first.as_dict()))
    assert set(stored["answers"]) == {"a"}
    second = Limiter(clock, stored).answers
    assert second.get("a") == ANSWER
    clock.move(290)
    assert second.get("a") is None


def test_what_may_have_changed_is_forgotten(answers: Answers) -> None:
    """What was said about a device goes, also where others were asked about as well."""
    keep(answers, "one", "SN1")
    keep(answers, "both", "SN1", "SN2")
    keep(answers, "other", "SN2")
    keep(answers, "plant")
    answers.forget({"SN1", "SN9"})
    assert [
        name for name in ("one", "both", "other", "plant") if answers.get(name)
    ] == [
        "other",
        "plant",
    ]


def test_clock_set_back(answers: Answers, clock: FakeClock) -> None:
    """An answer from the future is none, or a wrong clock would keep it for years."""
    clock.move(3600)
    keep(answers, "a")
    clock.move(-3600)
    assert answers.get("a") is None
    assert answers.as_dict() == {}


def test_newer_answer_takes_the_place(answers: Answers, clock: FakeClock) -> None:
    """Of one question there is one answer, with the newer time."""
    keep(answers, "a", seconds=10)
    clock.move(5)
    answers.put("a", "new", seconds=10, about=())
    clock.move(9)
    assert answers.get("a") == "new"


def test_oldest_make_room(answers: Answers) -> None:
    """What is kept does not grow beyond its bounds, and the newest stays."""
    for number in range(40):
        answers.put(str(number), "x" * 100_000, seconds=300, about=())
    kept = answers.as_dict()
    assert sum(len(answer["text"]) for answer in kept.values()) <= 2 * 1024 * 1024
    assert list(kept) == [str(number) for number in range(40 - len(kept), 40)]
    assert len(kept) == 20


def test_too_large_to_keep(answers: Answers) -> None:
    """An answer that is larger than all room is not kept."""
    answers.put("a", "x" * 3 * 1024 * 1024, seconds=300, about=())
    assert answers.get("a") is None


TEXTS = st.dictionaries(st.text(max_size=4), st.text(max_size=4), max_size=3)


@given(st.text(max_size=4), TEXTS, st.text(max_size=4), TEXTS)
def test_question(
    path: str, parameters: dict[str, str], other: str, others: dict[str, str]
) -> None:
    """Requests share a name if they are identical, whatever the order, and only then."""
    backwards = dict(reversed(parameters.items()))
    assert question(path, parameters) == question(path, backwards)
    same = (path, parameters) == (other, others)
    assert (question(path, parameters) == question(other, others)) is same


def test_question_tells_nothing() -> None:
    """A stored name holds neither path nor serial number."""
    assert len(question("device/list", {"device_sn": "ABC123"})) == 32
    assert "ABC123" not in question("device/list", {"device_sn": "ABC123"})
