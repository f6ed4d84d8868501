"""What the cloud sends: schedulers of every version and any JSON as strategies, or set answers."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from custom_components.home_battery.vendors.foxess.client import FoxEssClient

PARAMS: Mapping[str, tuple[int, int]] = {
    "minSocOnGrid": (10, 100),
    "fdSoc": (10, 100),
    "fdPwr": (0, 10500),
    "maxSoc": (10, 100),
    "importLimit": (0, 100000),
    "exportLimit": (0, 100000),
    "pvLimit": (0, 24000),
}
FLAT = {0: 3, 1: 4}
MODES = ("SelfUse", "Feedin", "Backup", "ForceCharge", "ForceDischarge(BAT)")
VERSIONS = (0, 1, 2, 3)

JSON: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**63), 2**64 - 1),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=8),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner)
    ),
    max_leaves=8,
)


class Answering(FoxEssClient):
    """A client that answers by itself."""

    def __init__(self, *answers: Any) -> None:
        """Answer each call with one of these, the last for ever."""
        self.answers = list(answers)
        self.asked: list[tuple[str, Any]] = []

    async def call(self, name: str, params: Mapping[str, Any]) -> Any:
        """Return the next answer; one that is an error is raised."""
        self.asked.append((name, params))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def objects(*keys: str) -> st.SearchStrategy[Any]:
    """Return any JSON, often with keys that are known."""
    known = st.fixed_dictionaries({}, optional=dict.fromkeys(keys, JSON))
    return st.one_of(JSON, known)


def properties(version: int, *, extras: bool = True) -> dict[str, Any]:
    """Return what the device says of its groups."""
    names = list(PARAMS)[: FLAT.get(version, 7 if extras else 4)]
    return {
        **{
            name.lower(): {
                "unit": "",
                "precision": 1.0,
                "range": {"min": float(PARAMS[name][0]), "max": float(PARAMS[name][1])},
            }
            for name in names
        },
        "workmode": {"enumList": list(MODES), "unit": "", "precision": 1.0},
        "starthour": {"unit": "", "precision": 1.0, "range": {"min": 0.0, "max": 23.0}},
    }


def group(
    version: int, start: int, end: int, mode: str, params: Mapping[str, float]
) -> dict[str, Any]:
    """Return a group as a version shows it; the end minute is included."""
    head = {
        "startHour": start // 60,
        "startMinute": start % 60,
        "endHour": end // 60,
        "endMinute": end % 60,
        "workMode": mode,
    }
    if version == 3:
        return {**head, "isRemainMode": False, "extraParam": dict(params)}
    if version == 2:
        return {"enable": 1, **head, "extraParam": dict(params)}
    names = list(PARAMS)[: FLAT[version]]
    return {"enable": 1, **head, **{name: params[name] for name in names}}


@st.composite
def params(draw: st.DrawFn, *, extras: bool = True) -> dict[str, float]:
    """Return the numbers of a group, of which a target is over its floor."""
    values: dict[str, float] = {
        name: draw(st.sampled_from([low or 1, (low + high) // 2, high]))
        for name, (low, high) in list(PARAMS.items())[: 7 if extras else 4]
    }
    values["fdSoc"] = max(values["fdSoc"], values["minSocOnGrid"])
    return values


@st.composite
def schedulers(draw: st.DrawFn, version: int, *, extras: bool = True) -> dict[str, Any]:
    """Return an answer of `scheduler/get` with groups that do not overlap."""
    count = draw(st.integers(0, 5))
    edges = sorted(
        draw(st.sets(st.integers(0, 719), min_size=2 * count, max_size=2 * count))
    )
    groups = [
        group(
            version,
            start * 2,
            end * 2 - 1,
            draw(st.sampled_from(MODES)),
            draw(params(extras=extras)),
        )
        for start, end in zip(edges[::2], edges[1::2], strict=True)
    ]
    touching = draw(st.booleans()) and bool(groups)
    if touching:
        last = edges[-1] * 2
        groups.append(
            group(
                version, last, 1439, groups[-1]["workMode"], draw(params(extras=extras))
            )
        )
    answer = {
        "enable": draw(st.sampled_from([0, 1, "0", "1", True, False])),
        "groups": groups,
        "properties": properties(version, extras=extras),
    }
    return {**answer, "maxGroupCount": 24} if version == 3 else answer


def read_back(body: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a device shows after a write of its groups."""
    return {**answer, "groups": body["groups"]}
