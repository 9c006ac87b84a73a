"""A request from a browser that cannot be met, with its HTTP status."""

from gan.errors import RequestError


class Refused(RequestError):
    """Answered with `status` and the sentence as `{"error": sentence}`."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
