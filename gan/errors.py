"""The one exception for a request that cannot be met as it was made."""


class RequestError(Exception):
    """A person's request was wrong: one line that names the rule, the value and the place.

    The command line prints the message alone and exits with status 2; anything else that is raised is a defect.
    """


def first_line(error: Exception) -> str:
    """The first line of an error's message, or its kind where it has none."""
    return (str(error).splitlines() or [type(error).__name__])[0]
