"""What a role does not hold, the simulator refuses to its identity, in the service's words."""

import json
from collections.abc import Collection
from pathlib import Path

import pytest

from adf.errors import AdfError, Forbidden
from adf.simulator import Roles, load_world, read_role
from adf.tool import Toolbox
from tests.adf.asking import asking
from tests.adf.simulator.worlds import WORLD

ROLE = Path(__file__).parents[3] / "deploy" / "reader-role.json"
RUN = "33333333-0000-4000-8000-000000000001"
ACTIONS = read_role(ROLE)
QUESTIONS: tuple[tuple[str, dict[str, str]], ...] = (
    ("adf_list_pipelines", {}),
    ("adf_pipeline_runs", {"run_id": "44444444-0000-4000-8000-000000000001"}),
    ("adf_pipeline_activity_runs", {"run_id": RUN}),
    ("adf_pipeline_runs", {}),
    ("adf_trigger_status", {"trigger": "trg_finance_0130"}),
    ("adf_ir_status", {}),
    ("adf_lineage", {"pipeline": "ProcessOrders"}),
    ("adf_change_log", {}),
    ("adf_health", {}),
)


async def ask_everything(toolbox: Toolbox) -> list[str]:
    """Put one question of every kind; returns what was refused or could not be read."""
    refused: list[str] = []
    for name, arguments in QUESTIONS:
        try:
            record = await toolbox.call(name, **arguments)
            refused += getattr(record, "gaps", ())
        except Forbidden as error:
            refused.append(error.action or error.said)
        except AdfError as error:
            refused.append(error.said)
    return [one for one in refused if "not looked into" not in one]


async def with_roles(roles: Roles | None) -> list[str]:
    state = load_world(WORLD)
    # One of two machines is on, so that its load is asked for.
    runtime = state.factories[0].runtimes["shir-prod-01"]
    nodes = runtime.status["typeProperties"]["nodes"]
    nodes[0]["status"] = "Online"
    async with asking(state, roles, "rg-data-prod", "adf-prod") as toolbox:
        return await ask_everything(toolbox)


async def test_the_reader_role_is_enough_for_every_question() -> None:
    assert await with_roles({"*": ACTIONS}) == []
    assert await with_roles(None) == []


@pytest.mark.parametrize("action", [one for one in ACTIONS if not one.endswith("factories/read")])
async def test_each_action_of_the_reader_role_is_needed(action: str) -> None:
    refused = await with_roles({"*": [one for one in ACTIONS if one != action]})
    assert any(action in one for one in refused), refused


async def test_an_identity_without_a_role_may_do_nothing() -> None:
    assert len(await with_roles({"somebody else": ACTIONS})) == len(QUESTIONS)


@pytest.mark.parametrize(
    "held",
    [
        ["*/read", "*/action"],
        ["Microsoft.DataFactory/*", "Microsoft.Insights/*", "Microsoft.ResourceHealth/*"],
    ],
)
async def test_an_action_with_a_wildcard_holds_what_fits(held: Collection[str]) -> None:
    assert await with_roles({"*": held}) == []


async def test_the_role_is_that_of_the_identity_that_signs_in() -> None:
    assert await with_roles({"loopback": ACTIONS, "*": ()}) == []
    assert len(await with_roles({"loopback": (), "*": ACTIONS})) == len(QUESTIONS)


def test_a_file_that_is_no_role_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "role.json"
    file.write_text(json.dumps({"Name": "Reader"}), encoding="utf-8")
    with pytest.raises(ValueError, match="is not a role"):
        read_role(file)
