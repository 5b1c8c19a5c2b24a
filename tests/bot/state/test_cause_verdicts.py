"""What people said of a cause to one process is known to another that draws its card."""

from dataclasses import replace

from bot.state.cause_verdicts import RIGHT, WRONG, CauseVerdict, CauseVerdicts
from bot.state.store import MemoryStore
from cards.gallery import typical
from tests.flows.conftest import NOW

REPORT = typical.FAILURE
RUN = REPORT.run.run_id
VERDICT = CauseVerdict(
    factory="f",
    pipeline="p",
    run_id=RUN,
    signature="s",
    code="",
    confidence="sure",
    verdict=RIGHT,
    person="maya",
    at=NOW,
)


def replica(store: MemoryStore, *, is_shared: bool = True) -> CauseVerdicts:
    return CauseVerdicts(store, lambda: NOW, is_shared=is_shared)


async def test_a_verdict_given_to_one_replica_is_known_to_the_other_before_it_draws() -> None:
    store = MemoryStore()
    one, other = replica(store), replica(store)
    await one.keep(VERDICT)
    await other.refresh([REPORT])
    assert other.known == {RUN: RIGHT}
    await one.keep(replace(VERDICT, verdict=WRONG))
    await other.refresh([REPORT])
    assert other.known == {RUN: WRONG}


async def test_a_single_process_asks_nobody() -> None:
    store = MemoryStore()
    await replica(store).keep(VERDICT)
    alone = replica(store, is_shared=False)
    await alone.refresh([REPORT])
    assert alone.known == {}
