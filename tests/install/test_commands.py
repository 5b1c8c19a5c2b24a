"""Every command that Teams offers is one the bot understands for sure."""

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.agents.understanding.intents import NO_ANSWER
from bot.agents.understanding.interpreter import KnownNames, interpret
from manifest.package import NEWEST, OLDER, Details, make_manifest

DETAILS = Details(app_id="3f0a5c1e-1111-4222-8333-9c0d1e2f3a4b", version="1.0.0")
PIPELINES = ("CustomerDataETL", "Invoices_Load")


def offered() -> Iterator[str]:
    """What a person sends with a command: its prompt, or its example where it needs a name."""
    for schema in (NEWEST, OLDER):
        for one in make_manifest(DETAILS, schema)["bots"][0]["commandLists"]:
            for command in one["commands"]:
                example = command["description"].partition(":")[0]
                is_begun = example.startswith(command["title"])
                yield command.get("prompt") or (example if is_begun else command["title"])


@pytest.mark.parametrize("said", sorted(set(offered())))
def test_a_command_is_understood_for_sure(said: str) -> None:
    now = datetime(2031, 8, 20, tzinfo=UTC)
    inventory = KnownNames(pipelines=PIPELINES, factories=("prod", "uat"))
    understood = interpret(said, inventory, now, ZoneInfo("UTC"))
    assert understood.sure
    assert understood.intent not in NO_ANSWER
    if "CustomerDataETL" in said:
        assert understood.slots.pipelines == ("CustomerDataETL",)
