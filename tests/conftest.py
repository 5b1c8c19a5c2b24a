"""No test is judged by the clock of the machine, and the longest ones begin first."""

from asyncio import AbstractEventLoop, new_event_loop
from collections.abc import Callable, Generator, Sequence
from zlib import crc32

import pytest
from hypothesis import HealthCheck, settings

from tests.doubles.azurite import IN_CI, MISSING, Azurite, is_installed, running_azurite
from tests.replicated import OF_THIS_RUN, use_replicas
from tests.simulated_time import SimulatedTimeLoop

settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
settings.load_profile("unhurried")

# A matrix of kills waits for a lease after each of them.
_SECONDS_OF_REPLICAS = 7200
_ALONE = (1,)
_LONG = (
    "tests/browser/",
    "tests/flows/test_crash",
    "tests/flows/test_mcp_command",
    "tests/install/",
    "tests/evals/test_model",
    "tests/adf/simulator/",
    "tests/flows/model/",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """How many replicas a product is that keeps its store in memory, and how often one dies."""
    words = "of each product, over Azurite; of 2,4 each test has one, by its name"
    parser.addoption("--replicas", type=_counts, default=_ALONE, help=words)
    parser.addoption("--kills", type=int, default=0, help="so many of each matrix, 0 for all")


def _counts(words: str) -> tuple[int, ...]:
    return tuple(int(one) for one in words.split(","))


def _counts_of(config: pytest.Config) -> tuple[int, ...]:
    return config.getoption("--replicas") or _ALONE


@pytest.fixture(scope="session", autouse=True)
def _replicas(request: pytest.FixtureRequest) -> None:
    OF_THIS_RUN.kills = request.config.getoption("--kills") or 0
    if _counts_of(request.config) != _ALONE:
        use_replicas(request.getfixturevalue("azurite").new_table)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Have each test play the same count of replicas in every run."""
    counts = _counts_of(item.config)
    OF_THIS_RUN.count = counts[crc32(item.nodeid.encode()) % len(counts)]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no worker is left with it at the end."""
    items.sort(key=lambda item: _turn_of(item.nodeid, _LONG))
    if _counts_of(config) != _ALONE:
        for item in items:
            item.add_marker(pytest.mark.timeout(_SECONDS_OF_REPLICAS), append=False)


def _turn_of(name: str, long: Sequence[str]) -> int:
    """The place of a test among those that take long, in that order; the rest come last."""
    return next((place for place, one in enumerate(long) if name.startswith(one)), len(long))


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> dict[str, Callable[[], AbstractEventLoop]]:
    """Time is simulated, unless a test talks to a process that keeps real time."""
    if any(item.get_closest_marker(name) for name in ("real_time", "browser")):
        return {"real": new_event_loop}
    return {"simulated": SimulatedTimeLoop}


@pytest.fixture(scope="session")
def azurite() -> Generator[Azurite]:
    """One emulator for all tests of a process; each takes a table of its own."""
    if not is_installed() and not IN_CI:
        pytest.skip(MISSING)
    with running_azurite() as running:
        yield running
