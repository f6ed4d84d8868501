"""What can be wrong with something that a person or an automation asks for."""

from enum import StrEnum


class Problem(StrEnum):
    """The kinds of a refused request; each has a translated text of its own."""

    UNKNOWN_CONTROL = "unknown_control"
    UNKNOWN_OPTION = "unknown_option"
    OUT_OF_RANGE = "out_of_range"
    BLOCKED_BY_SCHEDULE = "blocked_by_schedule"
    NO_SCHEDULE = "no_schedule"
    CONTRADICTORY_LIMITS = "contradictory_limits"
    EXPORT_NOT_PERMITTED = "export_not_permitted"
    EXPORT_LIMIT_NEEDED = "export_limit_needed"
    NOT_READ = "not_read"
    OVERRIDE_UNSUPPORTED = "override_unsupported"
    TARGET_BELOW_RESERVE = "target_below_reserve"
    PARAMETER_EXPORTS = "parameter_exports"
    PARAMETER_NEEDED = "parameter_needed"
    PARAMETER_COUNT = "parameter_count"
    WINDOW_EMPTY = "window_empty"
    WINDOW_OVERLAP = "window_overlap"
    SCHEDULE_MODE = "schedule_mode"
    SCHEDULE_OVERLAP = "schedule_overlap"
    SCHEDULE_TOO_MANY = "schedule_too_many"
    SCHEDULE_DAYS = "schedule_days"
    SCHEDULE_DAY_GROUPS = "schedule_day_groups"
    SCHEDULE_REQUIRED = "schedule_required"
    SCHEDULE_DISABLED = "schedule_disabled"
    SCHEDULE_MINUTES = "schedule_minutes"
    SCHEDULE_FIELD = "schedule_field"
    SCHEDULE_RANGE = "schedule_range"
    SCHEDULE_TARGET_BELOW_MIN = "schedule_target_below_min"
    SCHEDULE_SHORT = "schedule_short"
    SCHEDULE_EMPTY = "schedule_empty"
    SCHEDULE_SHARED = "schedule_shared"
    SCHEDULE_EXCLUSIVE = "schedule_exclusive"
    SCHEDULE_TOO_MANY_OF_MODE = "schedule_too_many_of_mode"
    SCHEDULE_EXPORT_NOT_PERMITTED = "schedule_export_not_permitted"


class ChangeError(ValueError):
    """A change that the device cannot take; nothing has been sent.

    Attributes:
        problem: What is wrong.
        placeholders: What its text tells: the value, the limit, the options.
    """

    def __init__(self, problem: Problem, **placeholders: object) -> None:
        """Keep what the translated text needs."""
        super().__init__(f"{problem}: {placeholders}")
        self.problem = problem
        self.placeholders = {
            key: f"{value:g}" if isinstance(value, float) else str(value)
            for key, value in placeholders.items()
        }


class ScheduleError(ChangeError):
    """A schedule that the device cannot hold; nothing has been sent.

    Attributes:
        period_index: Which period, counted from 0; `None` for the whole.
        limit: The device's own limit that it breaks, for the text and the card.
    """

    def __init__(
        self,
        problem: Problem,
        period_index: int | None = None,
        limit: object = None,
        **placeholders: object,
    ) -> None:
        """Keep the place and the limit; people count periods from 1."""
        super().__init__(
            problem,
            period="" if period_index is None else period_index + 1,
            limit="" if limit is None else limit,
            **placeholders,
        )
        self.period_index = period_index
        self.limit = limit
