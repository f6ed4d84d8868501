"""Users and plants below an account, as installers manage them (Growatt notes 1.4)."""

from typing import Final

from ..jsontypes import Json
from .account import Plant, User
from .call import Call
from .device import Logger
from .endpoint import Reply
from .errors import MistakeError, Problem
from .v1_plants import find_plant

_SERIAL_LENGTHS: Final = range(10, 17)
_CHECK_LENGTH: Final = 5


def user_list(call: Call) -> Reply:
    """Answer c_user_list."""
    rows: list[Json] = [
        {
            "c_user_id": user.id,
            "c_user_name": user.name,
            "c_user_email": user.email,
            "c_user_tel": user.phone,
            "c_user_regtime": user.registered,
        }
        for user in (call.account.user, *call.account.users)
    ]
    return Reply(data={"count": len(rows), "c_user": call.page(rows)})


def user_check(call: Call) -> Reply:
    """Answer check_user: 10003 says that a name is taken."""
    _check_name(call, call.text("user_name", Problem.NAME))
    return Reply()


def user_register(call: Call) -> Reply:
    """Answer user_register."""
    name = call.text("user_name", Problem.NAME)
    call.text("user_password", Problem.NAME)
    email = call.text("user_email", Problem.EMPTY)
    call.text("user_type", Problem.TYPE)
    _check_name(call, name)
    user = User(
        id=call.cloud.new_number(),
        name=name,
        email=email,
        phone=call.params.get("user_tel", ""),
        registered=call.now().strftime("%Y-%m-%d %H:%M:%S"),
    )
    call.account.users.append(user)
    return Reply(data={"c_user_id": user.id})


def user_modify(call: Call) -> Reply:
    """Answer user/modify."""
    user = _user(call)
    user.phone = call.params.get("mobile") or user.phone
    return Reply()


def plant_add(call: Call) -> Reply:
    """Answer plant/add: a plant with nothing in it."""
    _user(call)
    name = call.text("name", Problem.NAME)
    peak = _peak(call)
    if any(plant.name == name for plant in call.account.plants):
        raise MistakeError(Problem.TAKEN)
    plant = Plant(
        id=call.cloud.new_number(),
        name=name,
        house=call.cloud.spare_house(),
        created=call.now().date(),
        peak_kw=peak,
        city=call.params.get("city", ""),
    )
    call.account.plants.append(plant)
    return Reply(data={"plant_id": plant.id})


def plant_modify(call: Call) -> Reply:
    """Answer plant/modify."""
    _user(call)
    plant = find_plant(call, Problem.PLANT)
    plant.name = call.text("name", Problem.NAME)
    plant.peak_kw = _peak(call)
    return Reply()


def plant_delete(call: Call) -> Reply:
    """Answer plant/delete; the devices of the plant leave the account."""
    call.account.plants.remove(find_plant(call))
    return Reply()


def logger_add(call: Call) -> Reply:
    """Answer device/datalogger/add."""
    _user(call)
    plant = find_plant(call, Problem.SERIAL)
    serial = call.text("sn", Problem.SERIAL)
    if call.cloud.knows(serial):
        raise MistakeError(Problem.TAKEN)
    plant.loggers.append(
        Logger(
            serial=serial,
            house=plant.house,
            clock=call.cloud.clock,
            switchboard=call.cloud.switchboard,
        )
    )
    return Reply()


def logger_delete(call: Call) -> Reply:
    """Answer device/datalogger/delete."""
    plant = find_plant(call, Problem.SERIAL)
    serial = call.text("sn", Problem.SERIAL)
    for logger in plant.loggers:
        if logger.serial == serial:
            plant.loggers.remove(logger)
            return Reply()
    raise MistakeError(Problem.DEVICE)


def logger_validate(call: Call) -> Reply:
    """Answer device/datalogger/validate; a check code has five characters and is not looked at."""
    serial = call.params.get("datalogSn", "")
    if len(serial) not in _SERIAL_LENGTHS:
        raise MistakeError(Problem.SERIAL)
    if len(call.params.get("valiCode", "")) != _CHECK_LENGTH:
        raise MistakeError(Problem.VALUE)
    if call.cloud.knows(serial):
        raise MistakeError(Problem.TAKEN)
    return Reply()


def device_add(call: Call) -> Reply:
    """Answer device/sn/add, for a device that is not in a plant; none is."""
    find_plant(call, Problem.SYSTEM)
    call.text("sn", Problem.SYSTEM)
    raise MistakeError(Problem.SYSTEM)


def _check_name(call: Call, name: str) -> None:
    """Refuse a user's name that is taken."""
    if any(user.name == name for user in (call.account.user, *call.account.users)):
        raise MistakeError(Problem.TAKEN)


def _user(call: Call) -> User:
    """Return the user that a call is about."""
    text = call.text("c_user_id", Problem.USER_ID)
    for user in (call.account.user, *call.account.users):
        if str(user.id) == text:
            return user
    raise MistakeError(Problem.USER)


def _peak(call: Call) -> float:
    """Return the peak power in kWp."""
    try:
        return float(call.text("peak_power", Problem.EMPTY))
    except ValueError:
        raise MistakeError(Problem.EMPTY) from None
