"""Alerts know what owners declared and whom to mention, and count the errors nobody knows."""

from typing import NoReturn

import pytest

from adf.client import Factories
from adf.diagnosis import signature_in
from adf.records import Factory, PipelineNotes
from bot.access.policy import DeclaredRoles
from bot.alerts import FactoryDirectory
from bot.state.error_gaps import ErrorGaps
from bot.state.store import MemoryStore
from tests.adf.fake_wire import FakeWire
from tests.adf.test_runs import wire_activity, wire_run
from tests.bot.builders.nights import START

NOTES = PipelineNotes(critical=True, owner="maya")
PROD = Factory(
    alias="prod", subscription="s", resource_group="g", name="adf-prod", notes={"Orders": NOTES}
)
MAYA_ID = "00000000-0000-0000-0000-00000000000a"


def never_opened(subscription: str) -> NoReturn:
    raise AssertionError("nothing is asked of Data Factory")


DIRECTORY = FactoryDirectory(
    declared=[PROD],
    clients=Factories([PROD], "prod", never_opened),
    people={MAYA_ID: DeclaredRoles(name="Maya", roles={})},
    clock=lambda: START,
)


def test_what_owners_declared_is_known_and_nothing_of_the_rest() -> None:
    assert DIRECTORY.aliases == ["prod"]
    assert DIRECTORY.notes("prod", "Orders") == NOTES
    assert DIRECTORY.notes("prod", "Payments") == PipelineNotes()


def test_an_owner_is_mentioned_where_the_settings_know_who_that_is() -> None:
    mentioned = DIRECTORY.mention("maya")
    assert mentioned is not None
    assert (mentioned.name, mentioned.person_id) == ("Maya", MAYA_ID)
    assert DIRECTORY.mention("the data team") is None


RUN = "c" * 36


async def counted(message: str, times: int = 1) -> list[tuple[str, int]]:
    """What is counted as unknown after reports of a run that broke with a message."""
    wire, gaps = FakeWire(), ErrorGaps(MemoryStore(), lambda: START)
    wire.runs[RUN] = wire_run(RUN, "Orders", f"Operation on target Load failed: {message}")
    error = {"errorCode": "2200", "message": message, "failureType": "UserError"}
    wire.activity_pages[RUN] = [[wire_activity("Load", error=error)]]
    directory = FactoryDirectory(
        declared=[PROD],
        clients=Factories([PROD], "prod", lambda _: wire),
        people={},
        clock=lambda: START,
        gaps=gaps,
    )
    for _ in range(times):
        await directory.report("prod", RUN)
    return [(one.signature, one.count) for one in await gaps.most_met()]


async def test_an_error_that_nothing_is_known_of_is_counted_under_its_signature() -> None:
    said = "The frobnicator of row 17 went sideways"
    assert await counted(said, times=2) == [(signature_in(said), 2)]


@pytest.mark.parametrize(
    "said",
    [
        "ErrorCode=SqlFailedToConnect,'Type=X,Message=Cannot connect to SQL Database.,Source=Y,'",
        "The table 'dbo.orders' does not exist",
    ],
)
async def test_an_error_that_is_known_or_likely_is_not_counted(said: str) -> None:
    assert await counted(said) == []
