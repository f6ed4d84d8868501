"""What the cloud refuses, and in which words.

The documents name four statuses and leave the body open; a client in use reads
the first of a list `errors` (VoltStorage notes 1.2).
"""

from aiohttp import web


class ApiError(Exception):
    """A refusal."""

    def __init__(self, status: int, message: str) -> None:
        """Refuse with an HTTP status and words."""
        super().__init__(message)
        self.status = status
        self.message = message

    def response(self) -> web.Response:
        """Return the answer."""
        return web.json_response({"errors": [self.message]}, status=self.status)


class InvalidError(ApiError):
    """A parameter that is missing or wrong: 400."""

    def __init__(self, message: str) -> None:
        """Say what is wrong."""
        super().__init__(400, message)


class UnauthorizedError(ApiError):
    """No token, or none that is worth anything: 401."""

    def __init__(self) -> None:
        """Refuse."""
        super().__init__(401, "No authorization token was provided")


class ForbiddenError(ApiError):
    """Someone else's product: 403."""

    def __init__(self) -> None:
        """Refuse."""
        super().__init__(403, "You lack the permission to read this data")


class MissingError(ApiError):
    """A path that is not served: 404."""

    def __init__(self) -> None:
        """Refuse."""
        super().__init__(404, "Not Found")
