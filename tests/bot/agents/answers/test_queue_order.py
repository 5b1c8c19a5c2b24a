"""What becomes of waiting runs is told from the queue, and from no rerun or cancel of anything."""

import pytest

from cards.records import DocsAnswer
from tests.bot.agents.answers.test_what_did_not_run import GROUP, NAME, prod
from tests.bot.agents.answers.world_talk import talking

ENDS = ("finishes", "dies", "fails", "is done")
WAITING = ("the others", "the waiting ones", "the rest", "the three behind it")


@pytest.mark.parametrize("ends", ENDS)
@pytest.mark.parametrize("waiting", WAITING)
async def test_waiting_runs_start_by_themselves_however_the_one_before_them_ends(
    ends: str, waiting: str
) -> None:
    async with talking(prod(), GROUP, NAME) as talk:
        await talk.ask("why is ProcessOrders queued")
        answer = await talk.ask(f"if that one {ends} do {waiting} start by themselves")
        (record,) = answer.records
        assert isinstance(record, DocsAnswer)
        assert "starts by itself" in record.finding
        assert any("Concurrency of ProcessOrders is 1" in one for one in record.points)
        assert any("3 runs queued behind 1 run" in one for one in record.points)
        assert not [one for one in talk.calls if one.name == "adf_propose_action"]


async def test_of_a_pipeline_without_a_queue_it_is_asked_whether_a_rerun_helps() -> None:
    async with talking(prod(), GROUP, NAME) as talk:
        await talk.ask("why did CustomerDataETL fail")
        answer = await talk.ask("would it help to run it again?")
        assert not any(isinstance(one, DocsAnswer) for one in answer.records)
