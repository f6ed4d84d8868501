"""The rhythm of uploads: learned soon, kept in spite of much, and never asked too much."""

from itertools import pairwise
from statistics import mean

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.home_battery.transport.beat import Pace
from custom_components.home_battery.transport.rhythm import Rhythm

from .uploads import APART, START, TOGETHER, Life, Uploads

HOUR = 3600.0
PHASE = st.floats(0, 300)
# A clock may be wrong, even by the hours of another zone.
LAG = st.one_of(st.floats(-200, 200), st.floats(-8 * HOUR, 8 * HOUR))
UPLOADS = st.builds(
    lambda phase, period, jitter, lag, seed: Uploads.regular(
        begin=START - 1000 - phase,
        count=60,
        period=period,
        jitter=jitter,
        lag=lag,
        seed=seed,
    ),
    PHASE,
    st.floats(60, 900),
    st.floats(0, 100),
    LAG,
    st.integers(0, 1000),
)
SEVERAL = st.lists(UPLOADS, min_size=1, max_size=4).map(
    lambda several: {f"device_{n}": uploads for n, uploads in enumerate(several)}
)


@settings(max_examples=60)
@given(devices=SEVERAL, pace=st.sampled_from([TOGETHER, APART]))
def test_never_sooner_than_allowed(devices: dict[str, Uploads], pace: Pace) -> None:
    """Whatever the devices do, none is asked for again before it may be."""
    life = Life(devices=devices, pace=pace).live(5)
    gaps = [
        later - sooner
        for asked in life.asked.values()
        for sooner, later in pairwise(asked)
    ]
    assert gaps
    assert min(gaps) >= pace.least - 0.001


@settings(max_examples=40)
@given(phase=PHASE, lag=LAG, period=st.floats(250, 400))
def test_learned_soon(phase: float, lag: float, period: float) -> None:
    """After a dozen uploads each is seen soon, and few are asked for twice."""
    uploads = Uploads.regular(
        begin=START - 1000 - phase, count=90, period=period, lag=lag
    )
    life = Life(devices={"one": uploads}).live(5)
    known = START + 12 * period
    assert mean(life.waits("one", known)) < 15
    asked = [at for at in life.asked["one"] if at >= known]
    came = [at for at in life.came["one"].values() if at >= known]
    assert len(asked) <= 1.25 * len(came)


@settings(max_examples=40)
@given(phase=PHASE, lag=LAG, jitter=st.floats(0, 15), seed=st.integers(0, 1000))
def test_not_before_the_next_can_be_there(
    phase: float, lag: float, jitter: float, seed: int
) -> None:
    """A record that was seen is not asked for again until the next is nearly due."""
    uploads = Uploads.regular(
        begin=START - phase, count=80, jitter=jitter, lag=lag, seed=seed
    )
    life = Life(devices={"one": uploads}).live(6)
    came = sorted(at for at in life.came["one"].values() if at > START + HOUR)
    asked = life.asked["one"]
    following = [
        next(at for at in [*asked, START + 7 * HOUR] if at > one) for one in came
    ]
    shown = [next(at for at in uploads.shown if at > one) for one in came]
    early = [then - at for then, at in zip(shown, following, strict=True)]
    assert max(early) < 60


@settings(max_examples=30)
@given(
    devices=SEVERAL,
    calls=st.integers(10, 2000),
    cost=st.integers(1, 3),
)
def test_budget(devices: dict[str, Uploads], calls: int, cost: int) -> None:
    """The calls that are left last until the day is over."""
    life = Life(devices=devices)
    life.rhythm.cost = float(cost)
    until, left = START + 4 * HOUR, calls
    while life.now < until:
        at = life.ask((until - life.now) / max(left, 1))
        left -= cost
        life.now = at
        life.rhythm.cost = float(cost)
    # The last looks, whether there are new ones, are for the limiter to refuse.
    assert left >= -2 * cost


def test_stretched() -> None:
    """Where calls are short, rounds are so much further apart, and still at the right time."""
    life = Life(devices={"one": Uploads.regular()}).live(3)
    assert life.rhythm.stretch == 1
    began, calls = life.now, 0
    while life.now < began + 12 * HOUR:
        life.now = life.ask(seconds_per_call=430.0)
        calls += 1
    assert life.rhythm.stretch == pytest.approx(430 / (300 / 1.4))
    assert calls <= 12 * HOUR / 430 + 1
    assert mean(life.waits("one", began)) < 30


@pytest.mark.parametrize("pace", [TOGETHER, APART])
def test_jitter_and_what_never_came(pace: Pace) -> None:
    """Uploads that come unevenly, or not at all, do not throw it out."""
    every = Uploads.regular(jitter=12, seed=5)
    kept = [number for number in range(300) if number % 17]
    uploads = Uploads(
        shown=[every.shown[number] for number in kept],
        stamps=[every.stamps[number] for number in kept],
    )
    life = Life(devices={"one": uploads}, pace=pace).live(20)
    beat = life.rhythm.beats["one"]
    assert beat.period == pytest.approx(300, abs=3)
    assert mean(life.waits("one", START + 2 * HOUR)) < 60


def test_another_period() -> None:
    """A device that is told to upload at another pace is followed."""
    slow = START + 100 * 300
    uploads = (
        Uploads.regular(begin=START, count=100)
        + Uploads.regular(begin=slow, count=60, period=600)
        + Uploads.regular(begin=slow + 60 * 600, count=100, period=240)
    )
    life = Life(devices={"one": uploads})
    periods = []
    for end in (100 * 300, 60 * 600, 100 * 240):
        life.live(end / HOUR)
        periods.append(round(life.rhythm.beats["one"].period))
    assert periods == [300, 600, 240]


def test_night() -> None:
    """A device that sleeps is asked for seldom, and often when it may wake."""
    days = [
        Uploads.regular(begin=START + day * 24 * HOUR + day * 300.5, count=150)
        for day in range(3)
    ]
    life = Life(devices={"one": days[0] + days[1] + days[2]}).live(71)
    asked = life.asked["one"]
    night = [at - START for at in asked if 15 * HOUR < at - START < 22 * HOUR]
    assert len(night) <= 7 * 12 + 1
    first, second = (
        min(at for at in life.came["one"].values() if at > day.shown[0]) - day.shown[0]
        for day in days[1:]
    )
    assert first <= 300
    assert second <= 60


def test_wrong_clock_that_is_set() -> None:
    """When a device's clock is set right, its records are seen as soon as before."""
    wrong = Uploads.regular(begin=START, count=60, lag=-3 * HOUR)
    right = Uploads.regular(begin=START + 60 * 300, count=60)
    life = Life(devices={"one": wrong + right}).live(10)
    assert mean(life.waits("one", START + 75 * 300)) < 20


@pytest.mark.parametrize("pace", [TOGETHER, APART])
def test_restart(pace: Pace) -> None:
    """What was learned outlives a restart."""
    devices = {
        "one": Uploads.regular(jitter=5),
        "two": Uploads.regular(begin=START - 850, jitter=5, seed=1),
    }
    lives = [Life(devices=devices, pace=pace).live(4) for _ in range(2)]
    lives[1].restart()
    first, second = (life.live(2).rounds for life in lives)
    assert len(first) == pytest.approx(len(second), abs=2)
    assert mean(lives[1].waits("one", START + 4 * HOUR)) < 60


def test_neighbours_are_asked_together() -> None:
    """Devices that upload at about the same time share a round."""
    devices = {
        f"device_{n}": Uploads.regular(begin=START - 1000 + 3 * n) for n in range(3)
    }
    life = Life(devices=devices, pace=APART).live(10)
    lone = Life(devices={"one": Uploads.regular()}, pace=APART).live(10)
    assert len(life.rounds) <= 1.3 * len(lone.rounds)


def test_out_of_turn() -> None:
    """Who asks out of turn gets whoever may be asked for."""
    life = Life(
        devices={"one": Uploads.regular(), "two": Uploads.regular()}, pace=APART
    )
    life.live(2)
    last = max(life.rounds)
    assert life.rhythm.turns(last + 10, life.paces) == set()
    at = min(beat.next_look(APART) for beat in life.rhythm.beats.values())
    assert life.rhythm.turns(at, life.paces) != set()


@pytest.mark.parametrize("pace", [TOGETHER, APART])
def test_without_a_time(pace: Pace) -> None:
    """What tells no time is asked for at the usual interval."""
    silent = Uploads(shown=[], stamps=[])
    life = Life(devices={"one": silent}, pace=pace).live(2)
    gaps = {later - sooner for sooner, later in pairwise(life.rounds)}
    assert gaps == {300}
    assert life.rhythm.beats == {}


def test_a_record_that_stays_out() -> None:
    """A device of which no record comes any more is not asked for all the time."""
    life = Life(devices={"one": Uploads.regular()}).live(2)
    life.devices = {"one": Uploads(shown=[], stamps=[])}
    asked = len(life.rounds)
    life.live(4)
    assert len(life.rounds) - asked < 4 * 12 * 1.5


def test_nothing_learned() -> None:
    """A new rhythm stores as well as one that knows something."""
    assert Rhythm.from_dict(Rhythm().as_dict()).beats == {}
