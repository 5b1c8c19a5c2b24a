"""Alerts know what owners declared and whom to mention, without asking Data Factory."""

from typing import NoReturn

from adf.client import Factories
from adf.records import Factory, PipelineNotes
from bot.access.policy import DeclaredRoles
from bot.alerts import FactoryDirectory
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
