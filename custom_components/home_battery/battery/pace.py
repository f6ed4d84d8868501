"""Just in time: a target SOC as late and as gently as its end allows.

Nobody knows the sun and the house of the next hours. So what is planned is
always a window that the device keeps by itself: even if until its start the
battery went the wrong way as fast as it can, the power in it reaches the
target by the end. As long as that does not happen, the start moves later
again and again, and sun and house come first.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from math import inf
from typing import Final

from .way import Situation, Way

_MINUTE: Final = timedelta(minutes=1)

# The share of the full power that a window ahead is planned with.
_GENTLE: Final = 0.7

# A wait that is shorter is not worth it.
SHORTEST_WAIT: Final = 30 * _MINUTE

# A window is moved when it is about to begin, by whoever looks twice as often.
LOOK_AHEAD: Final = 10 * _MINUTE

# Between two writes of one override, unless the target is at stake.
LEAST_INTERVAL: Final = 10 * _MINUTE

# The writes of one override for sun and gentleness, and those with the ones
# that keep the house from importing. For the target there is always one more.
MOST_WRITES: Final = 12
MOST_WRITES_FOR_HOUSE: Final = 2 * MOST_WRITES

# A power that differs by less than this share of the full one is as good.
_ALIKE: Final = 0.2


class Reason(StrEnum):
    """Why the battery does what it does."""

    SUN_FIRST = "sun_first"
    HOUSE_FIRST = "house_first"
    WAITING = "waiting"
    GENTLE = "gentle"
    FULL = "full"
    REACHED = "reached"
    UNREACHABLE = "unreachable"


class Worth(StrEnum):
    """Whether a window is written to the device."""

    KEEP = "keep"
    WRITE = "write"
    MUST = "must"


@dataclass(frozen=True)
class Step:
    """What the device is to do by itself from now on.

    Attributes:
        start: From when it forces the battery, in UTC. Until then house and sun
            do what they do. A start at the end is no window at all.
        end: Until when, in UTC; the target is that of the override.
        power: W, `None` for as much as the device can.
        reason: Why it is so.
    """

    start: datetime
    end: datetime
    power: float | None
    reason: Reason

    def runs(self, now: datetime) -> bool:
        """Tell whether the battery is forced at a moment."""
        return self.start <= now < self.end


def plan(situation: Situation) -> Step:
    """Return the window that starts as late and is as gentle as can be answered for.

    What is not known makes it full power from now on.
    """
    now, end = situation.now.astimezone(UTC), situation.end.astimezone(UTC)
    if (way := Way.of(situation)) is None or now >= end:
        return Step(min(now, end), end, situation.most, Reason.FULL)
    net = situation.net
    least = way.least_power(net)
    gentle = max(least, _GENTLE * way.most)
    # In the dark a wait would only take the house's share through the battery and back.
    waits = not (situation.charging and situation.dark)
    if waits and (wait := way.longest_wait(end - now, gentle)) >= SHORTEST_WAIT:
        return Step(_whole_minute(now + wait), end, gentle, _why_wait(situation))
    if not situation.charging and situation.reached and net is not None and net > 0:
        # A device that forces stops at the target, and the house would import.
        return Step(end, end, way.most, Reason.REACHED)
    power = way.gentlest(end - now, least)
    if situation.reached:
        reason = Reason.REACHED
    elif way.lasts(way.soc, way.most) > end - now:
        reason = Reason.UNREACHABLE
    else:
        reason = Reason.GENTLE if power < way.most else Reason.FULL
    return Step(now, end, power, reason)


def reaches(step: Step, situation: Situation) -> bool:
    """Tell whether a window that nobody adjusts any more reaches the target.

    What is not known is nothing against it.
    """
    if (way := Way.of(situation)) is None:
        return True
    now, end = situation.now.astimezone(UTC), step.end
    wait = max(step.start - now, timedelta(0))
    power = way.most if step.power is None else min(step.power, way.most)
    return power > 0 and wait + way.lasts(way.worst(wait), power) <= end - now


def weigh(
    held: Step | None,
    planned: Step,
    situation: Situation,
    *,
    writes: int,
    last_write: datetime | None,
) -> Worth:
    """Return whether a planned window is worth a write over the one that is held.

    Args:
        held: The window that the device has, `None` if none.
        planned: The window that would be best now.
        situation: What is known now.
        writes: How often this override was written.
        last_write: When that was last.
    """
    now = situation.now.astimezone(UTC)
    if held is None or held.end != planned.end:
        return Worth.MUST
    sooner = max(planned.start, now) < max(held.start, now)
    stronger = _watts(planned) > _watts(held)
    if (sooner or stronger) and not reaches(held, situation):
        return Worth.MUST
    waits, runs = planned.start > now, held.runs(now)
    if runs and (waits or stronger) and _imports(held, situation):
        return Worth.WRITE if writes < MOST_WRITES_FOR_HOUSE else Worth.KEEP
    if writes >= MOST_WRITES or (
        last_write is not None and now - last_write < LEAST_INTERVAL
    ):
        return Worth.KEEP
    if not runs:
        later = planned.start - held.start >= SHORTEST_WAIT
        worth = later and held.start - now <= LOOK_AHEAD
    elif waits:
        worth = not (situation.reached and (situation.net or 0.0) >= 0)
    else:
        # A discharge is not slowed down: the house may need the power again.
        weaker = situation.charging and _watts(planned) < _watts(held)
        change = abs(_watts(planned) - _watts(held))
        worth = (
            (stronger or weaker)
            and not situation.reached
            and change >= _ALIKE * (situation.most or 0.0)
        )
    return Worth.WRITE if worth else Worth.KEEP


def _why_wait(situation: Situation) -> Reason:
    """Return what the time until the window is good for."""
    net = situation.net or 0.0
    if situation.reached:
        return Reason.REACHED
    if net < 0:
        return Reason.SUN_FIRST
    return Reason.HOUSE_FIRST if net > 0 else Reason.WAITING


def _whole_minute(moment: datetime) -> datetime:
    """Return the minute that a moment lies in, as devices know no seconds."""
    return moment.replace(second=0, microsecond=0)


def _imports(held: Step, situation: Situation) -> bool:
    """Tell whether the house imports because a discharge gives less than it needs."""
    if situation.charging or (net := situation.net) is None or net <= 0:
        return False
    return situation.reached or _watts(held) < min(net, situation.most or inf)


def _watts(step: Step) -> float:
    """Return the W of a window, where as much as the device can is more than any."""
    return inf if step.power is None else step.power
