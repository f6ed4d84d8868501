"""The numbers that endpoints have for what is wrong with a call, as documented for each."""

from collections.abc import Mapping
from typing import Final

from .errors import Problem

type Numbers = Mapping[Problem, int]

LAST: Final[Numbers] = {Problem.DEVICE: 10002, Problem.SERIAL: 10003}
# Also of last data and of several devices, where the documents repeat these.
HISTORY: Final[Numbers] = {
    Problem.SERIAL: 10002,
    Problem.DATE: 10003,
    Problem.RANGE: 10004,
    Problem.DEVICE: 10005,
}
# PCS, HPS, PBD and GroBoost have no numbers of their own for dates.
PLAIN_HISTORY: Final[Numbers] = {
    **LAST,
    Problem.DATE: 10001,
    Problem.RANGE: 10001,
}
ALARMS: Final[Numbers] = {
    Problem.SERIAL: 10002,
    Problem.DATE: 10003,
    Problem.DEVICE: 10005,
}
READ: Final[Numbers] = {
    Problem.DEVICE: 10002,
    Problem.OFFLINE: 10003,
    Problem.SERIAL: 10002,
    Problem.LOGGER_OFFLINE: 10005,
    Problem.TYPE: 10009,
    Problem.VALUE: 10001,
    Problem.EMPTY: 10001,
}
WRITE: Final[Numbers] = {
    Problem.OFFLINE: 10003,
    Problem.SERIAL: 10004,
    Problem.LOGGER_OFFLINE: 10005,
    Problem.TYPE: 10006,
    Problem.EMPTY: 10007,
    Problem.VALUE: 10008,
    Problem.DATE: 10009,
    Problem.DEVICE: 10012,
    Problem.ORDER: 10013,
}
WRITE_INV: Final[Numbers] = {
    **{
        problem: code for problem, code in WRITE.items() if problem is not Problem.ORDER
    },
    Problem.WRONG_TYPE: 10012,
}
VPP_SOC: Final[Numbers] = LAST
VPP_WRITE: Final[Numbers] = {
    Problem.SERIAL: 10004,
    Problem.OFFLINE: 10005,
    Problem.LOGGER_OFFLINE: 10005,
    Problem.EMPTY: 10007,
    Problem.VALUE: 10008,
    Problem.TYPE: 10009,
    Problem.DEVICE: 10012,
}
SENSORS: Final[Numbers] = {Problem.SERIAL: 10002, Problem.DEVICE: 10003}
SENSOR: Final[Numbers] = {
    Problem.SERIAL: 10002,
    Problem.ADDRESS: 10003,
    Problem.DEVICE: 10004,
}
SENSOR_HISTORY: Final[Numbers] = {
    Problem.SERIAL: 10002,
    Problem.DATE: 10003,
    Problem.RANGE: 10004,
    Problem.ADDRESS: 10005,
    Problem.DEVICE: 10006,
}
PLANT: Final[Numbers] = {Problem.PLANT: 10002, Problem.PLANT_ID: 10003}
PLANT_ENERGY: Final[Numbers] = {**PLANT, Problem.DATE: 10004}
PLANT_POWER: Final[Numbers] = {**PLANT, Problem.DATE: 10003}
OF_PLANT: Final[Numbers] = {Problem.PLANT_ID: 10002, Problem.PLANT: 10003}
DEVICE_PLANT: Final[Numbers] = {Problem.SERIAL: 10003, Problem.DEVICE: 10005}
INV_HISTORY: Final[Numbers] = {**HISTORY, Problem.DEVICE: 10002}
INV_ALARMS: Final[Numbers] = {Problem.SERIAL: 10002, Problem.DATE: 10001}
PLANT_ADD: Final[Numbers] = {
    Problem.USER_ID: 10002,
    Problem.NAME: 10003,
    Problem.EMPTY: 10004,
    Problem.USER: 10005,
    Problem.TAKEN: 10006,
}
PLANT_MODIFY: Final[Numbers] = {**PLANT_ADD, Problem.PLANT: 10007}
PLANT_DELETE: Final[Numbers] = {Problem.PLANT_ID: 10002, Problem.PLANT: 10004}
LOGGER_ADD: Final[Numbers] = {
    Problem.SERIAL: 10002,
    Problem.TAKEN: 10003,
    Problem.PLANT: 10004,
    Problem.USER: 10005,
    Problem.USER_ID: 10006,
}
LOGGER_DELETE: Final[Numbers] = {
    Problem.SERIAL: 10002,
    Problem.PLANT: 10003,
    Problem.DEVICE: 10004,
}
LOGGER_CHECK: Final[Numbers] = {
    Problem.SERIAL: 10001,
    Problem.VALUE: 10002,
    Problem.TAKEN: 10003,
}
USER_CHECK: Final[Numbers] = {Problem.NAME: 10002, Problem.TAKEN: 10003}
USER: Final[Numbers] = {
    **USER_CHECK,
    Problem.EMPTY: 10004,
    Problem.TYPE: 10006,
}
USER_MODIFY: Final[Numbers] = {Problem.USER_ID: 10002, Problem.USER: 10003}
