"""Where a model is served: a Foundry project, or a deployment behind the Responses protocol."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.agents.model.types import StateMode

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def is_local(endpoint: str) -> bool:
    """Whether it is reached over plain HTTP on this machine, as a double is."""
    return _origin_of(endpoint) in {("http", host) for host in _LOOPBACK}


def check_endpoint(endpoint: str) -> None:
    """Raise ValueError for an address that is neither TLS nor on this machine."""
    scheme, host = _origin_of(endpoint)
    if not (scheme == "https" and host) and not is_local(endpoint):
        raise ValueError(f"{endpoint}: use https, or http on this machine only")


def _origin_of(endpoint: str) -> tuple[str, str]:
    try:
        parts = urlsplit(endpoint)
    except ValueError:
        return "", ""
    return parts.scheme, parts.hostname or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A Foundry project, the model deployment in it, and the name its agent goes by."""

    endpoint: str
    model: str
    agent_name: str = "adf-ops"

    def __post_init__(self) -> None:
        """Refuse an address that a token must not travel to."""
        check_endpoint(self.endpoint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A model where it is served: a resource's endpoint or a whole base address.

    Without a key the bot signs in by Microsoft Entra, for `scope`.
    """

    endpoint: str
    model: str
    key: str | None = None
    scope: str = "https://cognitiveservices.azure.com/.default"
    state: StateMode = StateMode.PREVIOUS

    def __post_init__(self) -> None:
        """Refuse an address that a key or a token must not travel to."""
        check_endpoint(self.endpoint)


ModelEndpoint = Project | Deployment
"""Where a model is asked."""
