"""The one exception for a request that cannot be met as it was made."""


class RequestError(Exception):
    """A person's request was wrong: one line that names the rule, the value and the place.

    The command line prints the message alone and exits with status 2; anything else that is raised is a defect.
    """
