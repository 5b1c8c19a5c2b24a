"""Where a model may be: anywhere over TLS, without it on this machine only."""

from urllib.parse import urlsplit

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def is_local(endpoint: str) -> bool:
    """Whether it is spoken to in plain HTTP, as a double on this machine is; else TLS is needed."""
    parts = urlsplit(endpoint)
    if parts.scheme == "https" and parts.hostname:
        return False
    if parts.scheme == "http" and parts.hostname in _LOOPBACK:
        return True
    raise ValueError(f"{endpoint}: use https, or http on this machine only")
