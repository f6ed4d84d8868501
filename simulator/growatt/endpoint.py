"""What an endpoint is, and what it answers with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from ..jsontypes import Json
from .errors import (
    V1_MESSAGES,
    V1_MISTAKES,
    V1_SYSTEM,
    V4_MESSAGES,
    V4_MISTAKES,
    V4_SYSTEM,
    ApiError,
    MistakeError,
    Problem,
)

if TYPE_CHECKING:
    from .call import Call

MINUTES_5: Final = 300.0
SECONDS_10: Final = 10.0
SECONDS_5: Final = 5.0
TEN_A_DAY: Final = 10
SET: Final = "PARAMETER_SETTING_SUCCESSFUL"
DONE: Final = "SUCCESSFUL_OPERATION"


class Style(Enum):
    """The envelopes (Growatt notes 1.2)."""

    V1 = auto()
    V4 = auto()
    APP = auto()


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What goes into the envelope; `root` are keys beside the data, and all there is if it is bare."""

    data: Json = ""
    message: str = DONE
    root: Mapping[str, Json] = field(default_factory=dict)
    bare: bool = False


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One endpoint; `period` in seconds for the same request, `per_day` for all of its kind."""

    method: str
    path: str
    answer: Callable[[Call], Reply]
    params: tuple[str, ...] = ()
    style: Style = Style.V1
    period: float = 0.0
    noah_period: float = 0.0
    per_day: int = 0
    mistakes: Mapping[Problem, int] = field(default_factory=dict)
    write: bool = False

    def window(self, params: Mapping[str, str]) -> float:
        """Return the seconds that must pass before the same request."""
        if self.noah_period and params.get("deviceType") == "noah":
            return self.noah_period
        return self.period

    def refusal(self, mistake: MistakeError) -> ApiError:
        """Return a mistake in this endpoint's number."""
        problem = mistake.problem
        words = f"error_{problem.name.lower()}"
        if self.style is Style.V1:
            table = {**V1_MISTAKES, **self.mistakes}
            code = table.get(problem, V1_SYSTEM)
            forbidden = problem in {Problem.FORBIDDEN, Problem.WRONG_TYPE}
            return ApiError(code, V1_MESSAGES[code] if forbidden else words)
        code = V4_MISTAKES.get(problem, V4_SYSTEM)
        return ApiError(code, V4_MESSAGES.get(code, words))


def good(style: Style, reply: Reply) -> Mapping[str, Json]:
    """Return the envelope of an answer."""
    if reply.bare:
        return reply.root
    match style:
        case Style.V1:
            return {
                **reply.root,
                "error_code": 0,
                "error_msg": "",
                "data": reply.data,
            }
        case Style.V4:
            return {"code": 0, "data": reply.data, "message": reply.message}
        case Style.APP:
            return {"result": 1, "msg": "", "obj": reply.data}


def bad(style: Style, error: ApiError) -> Mapping[str, Json]:
    """Return the envelope of a refusal: data is an empty text."""
    match style:
        case Style.V1:
            return {"error_code": error.code, "error_msg": error.message, "data": ""}
        case Style.V4:
            return {"code": error.code, "data": "", "message": error.message}
        case Style.APP:
            return {"result": error.code, "msg": error.message, "obj": None}
