"""Who has the words while recorded questions are played: nobody, a live model, or a double."""

import socket
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from bot.hosting.settings import Settings
from bot.hosting.telemetry import Telemetry
from tests.doubles.foundry import Brain, Fault, Obeying, Replaying, running_foundry
from tests.evals.rows import Row

OFFLINE = "offline"
AGENTS = (OFFLINE, "foundry", "azure_openai")


class Double(StrEnum):
    """What stands in the place of the service: nothing, errors, or a model of a kind."""

    DEAD = "dead"
    BROKEN = "broken"
    OBEYING = "obeying"
    REPLAYING = "replaying"


class NoLiveModel(Exception):
    """A score was asked for of a model that no setting leads to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Which agent answers, and what runs its model: a double, or with none the `live` service.

    `telemetry` hears of each answer of the model; `longest` is how long one may take.
    """

    agent: str = OFFLINE
    double: Double | None = None
    live: Mapping[str, str] = field(default_factory=dict[str, str])
    telemetry: Telemetry | None = None
    longest: float = 180

    @property
    def patience(self) -> float:
        """The seconds within which a card that is explained gets its words."""
        return 10 if self.double else self.longest

    @asynccontextmanager
    async def settings(self, row: Row) -> AsyncGenerator[Mapping[str, str]]:
        """The settings of the product for one row; where the row says so, the model is down."""
        if row.without_model or self.double is Double.DEAD:
            with _nobody_there() as url:
                yield _leading("foundry" if self.agent == OFFLINE else self.agent, url)
        elif self.agent == OFFLINE:
            yield {"ADFOPS_AGENT": OFFLINE}
        elif self.double is None:
            yield {"ADFOPS_AGENT": self.agent, **self.live}
        else:
            async with running_foundry(_brain(self.double, row)) as double:
                if self.double is Double.BROKEN:
                    double.faults.add(Fault(path="", times=10**6, status=500))
                yield _leading(self.agent, double.url)


def live_settings(settings: Settings, agent: str) -> Mapping[str, str]:
    """What leads to the live model of an agent; NoLiveModel when nothing does."""
    if agent == "foundry" and not settings.project_endpoint:
        raise NoLiveModel("PROJECT_ENDPOINT is not set")
    if agent == "azure_openai" and not (settings.openai_endpoint or settings.model_endpoint):
        raise NoLiveModel("neither AZURE_OPENAI_ENDPOINT nor MODEL_ENDPOINT is set")
    keys = {"AZURE_OPENAI_KEY": settings.openai_key, "MODEL_API_KEY": settings.model_key}
    given = {
        "PROJECT_ENDPOINT": settings.project_endpoint,
        "AZURE_OPENAI_ENDPOINT": settings.openai_endpoint,
        "MODEL_ENDPOINT": settings.model_endpoint,
        "MODEL_DEPLOYMENT_NAME": settings.deployment,
        **{name: key.get_secret_value() for name, key in keys.items() if key},
    }
    return {name: value for name, value in given.items() if value}


def _brain(double: Double, row: Row) -> Brain:
    return Obeying() if double is Double.OBEYING else Replaying(row.expected)


def _leading(agent: str, url: str) -> Mapping[str, str]:
    if agent == "foundry":
        return {"ADFOPS_AGENT": agent, "PROJECT_ENDPOINT": f"{url}/api/projects/demo"}
    return {"ADFOPS_AGENT": agent, "AZURE_OPENAI_ENDPOINT": url, "AZURE_OPENAI_KEY": "none"}


@contextmanager
def _nobody_there() -> Generator[str]:
    """An address on this machine that refuses connections: taken, and never listened at."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"
