"""Who is in a group may ask and have a rerun proposed; who is in none may do nothing."""

import json
from pathlib import Path

from adf.simulator import load_world
from tests.doubles.directory import running_directory
from tests.doubles.teams import TENANT, object_id
from tests.evals.rows import WORLD
from tests.flows.conftest import Clock, client_of, read
from tests.harness import running_product

ON_CALL = "cccccccc-2222-4222-8222-222222222222"


def without_people(declared: Path) -> Path:
    """The same factories, where nobody is named and a group operates the first one."""
    file = json.loads(declared.read_text(encoding="utf-8"))
    file["people"] = {}
    for one in file["factories"].values():
        one.pop("escalation", None)
    file["factories"][file["default"]]["groups"] = {ON_CALL: "operator"}
    declared.write_text(json.dumps(file), encoding="utf-8")
    return declared


async def test_a_group_gives_what_a_name_gives_and_nothing_to_others(
    declared: Path, clock: Clock
) -> None:
    async with running_directory() as directory:
        directory.people = {object_id("Maya"), object_id("Tom")}
        directory.members = {ON_CALL: {object_id("Maya")}}
        async with running_product(
            load_world(WORLD, clock),
            without_people(declared),
            clock,
            ADFOPS_GRAPH_URL=directory.url,
            ADFOPS_OPERATORS=object_id("Priya"),
            ADFOPS_TENANTS=TENANT,
        ) as product:
            maya, tom = (client_of(product, name) for name in ("Maya", "Tom"))
            told = read(await product.ask(maya.personal("status of CustomerDataETL")))
            assert "CustomerDataETL" in told.text
            refused = read(await product.ask(tom.personal("status of CustomerDataETL")))
            assert "no role" in refused.text
            proposed = await product.ask(maya.personal("rerun CustomerDataETL"))
            assert proposed.card is not None
            assert "don't have access" not in read(proposed).text
    assert directory.calls["graph"] >= 2
