"""The vendor's refusals (Growatt notes 1.9): one number means different things at different endpoints."""

from collections.abc import Mapping
from enum import Enum, auto
from typing import Final

OTHER_REGION: Final = -1
V1_SYSTEM: Final = 10001
V1_FORBIDDEN: Final = 10011
V1_TOO_FREQUENT: Final = 10012
V1_PER_PAGE: Final = 10013
V1_PAGES: Final = 10014
V4_SYSTEM: Final = 1
V4_TOKEN: Final = 2
V4_INTERVAL: Final = 100
V4_FREQUENCY: Final = 102

V1_MESSAGES: Final = {
    OTHER_REGION: "please use the new domain",
    V1_SYSTEM: "error_system",
    V1_FORBIDDEN: "error_permission_denied",
    V1_TOO_FREQUENT: "error_frequently_access",
    V1_PER_PAGE: "error_perpage_exceeds_100",
    V1_PAGES: "error_page_exceeds_250",
}
V4_MESSAGES: Final = {
    OTHER_REGION: "PLEASE_USE_THE_NEW_DOMAIN",
    V4_SYSTEM: "SYSTEM_ERROR",
    V4_TOKEN: "TOKEN_IS_INVALID",
    3: "PERMISSION_VERIFICATION_FAILED",
    4: "DEVICE_NOT_FOUND",
    5: "DEVICE_OFFLINE",
    6: "PARAMETER_SETTING_FAILED",
    7: "WRONG_DEVICE_TYPE",
    8: "DEVICE_SN_IS_EMPTY",
    9: "DATE_IS_EMPTY",
    10: "PAGE_IS_EMPTY",
    11: "DEVICE_SN_COUNT_EXCEEDED",
    12: "DEVICE_SN_DOES_NOT_HAVE_PERMISSION",
    14: "WRONG_PARAMETER_VALUE",
    15: "SETTING_DEVICE_NOT_RESPONDING",
    16: "SETTING_RESPONSE_TIMEOUT",
    18: "READ_DEVICE_PARAM_FAIL",
    V4_INTERVAL: "ACCESS_INTERVAL",
    101: "NO_PERMISSION",
    V4_FREQUENCY: "ACCESS_FREQUENCY_LIMIT",
    103: "WRONG_GRANT_TYPE",
    105: "TOO_MANY_REQUEST",
}


class Problem(Enum):
    """What is wrong with a call; each endpoint has numbers of its own for it."""

    SYSTEM = auto()
    SERIAL = auto()
    DEVICE = auto()
    FORBIDDEN = auto()
    DATE = auto()
    RANGE = auto()
    PAGE = auto()
    COUNT = auto()
    WRONG_TYPE = auto()
    OFFLINE = auto()
    LOGGER_OFFLINE = auto()
    TYPE = auto()
    EMPTY = auto()
    VALUE = auto()
    ORDER = auto()
    PLANT = auto()
    PLANT_ID = auto()
    ADDRESS = auto()
    USER = auto()
    USER_ID = auto()
    TAKEN = auto()
    NAME = auto()


V1_MISTAKES: Final[Mapping[Problem, int]] = {
    Problem.SYSTEM: V1_SYSTEM,
    Problem.SERIAL: 10003,
    Problem.DEVICE: 10002,
    Problem.FORBIDDEN: V1_FORBIDDEN,
    Problem.WRONG_TYPE: V1_FORBIDDEN,
}
V4_MISTAKES: Final[Mapping[Problem, int]] = {
    Problem.SYSTEM: V4_SYSTEM,
    Problem.DEVICE: 4,
    Problem.OFFLINE: 5,
    Problem.LOGGER_OFFLINE: 5,
    Problem.WRONG_TYPE: 7,
    Problem.SERIAL: 8,
    Problem.DATE: 9,
    Problem.PAGE: 10,
    Problem.COUNT: 11,
    Problem.FORBIDDEN: 12,
    Problem.TYPE: 14,
    Problem.EMPTY: 14,
    Problem.VALUE: 14,
    Problem.ORDER: 14,
}


class MistakeError(Exception):
    """A call that cannot be answered, in no endpoint's numbers yet."""

    def __init__(self, problem: Problem) -> None:
        """Say what is wrong."""
        self.problem = problem
        super().__init__(problem.name)


class ApiError(Exception):
    """A refusal with its number; HTTP has nothing to say about it."""

    def __init__(self, code: int, message: str) -> None:
        """Refuse with a code and the words that go with it."""
        self.code = code
        self.message = message
        super().__init__(f"{code}: {message}")
