"""What stops the server from starting."""


class CannotServe(Exception):
    """The server cannot start; the message says what to mend, in one line."""
