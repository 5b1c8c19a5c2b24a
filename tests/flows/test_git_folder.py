"""The whole product over a factory made of a Git folder: status, what failed, why, what runs."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from adf.simulator import State, factory_from_folder
from adf.simulator.arm.run_queries import RunQuery
from adf.simulator.runs import SimulatedRun
from cards.text_rendering import read_card
from tests.adf.simulator.git_folders import SYNAPSE
from tests.doubles.teams import Client
from tests.harness import Product, running_product

NOW = datetime(2026, 5, 6, 12, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def declared(place: Path, name: str) -> Path:
    """A factories file that names the factory."""
    one = {"subscription": "0" * 8, "resource_group": "rg-demo", "name": name}
    file = place / "factories.json"
    file.write_text(json.dumps({"factories": {name: one}, "default": name}), encoding="utf-8")
    return file


def nested_failure(state: State) -> tuple[SimulatedRun, str]:
    """The newest run of a pipeline that broke because of its child, and the words of the leaf."""
    query = RunQuery(after=NOW - timedelta(days=2), before=NOW)
    runs = state.factories[0].query_runs(query, NOW, 100_000).rows
    newest = {run.pipeline: run for run in sorted(runs, key=lambda run: run.start or NOW)}
    found = next(run for run in newest.values() if run.message.count("Operation on target") > 1)
    return found, found.message.rpartition("Operation on target ")[2].partition(" failed: ")[0]


async def ask(product: Product, words: str) -> str:
    sent = await product.ask(Client(service_url=product.connector.url).personal(words))
    assert sent.card is not None
    return read_card(sent.card, BERLIN).text


def story() -> tuple[State, SimulatedRun, str]:
    """A factory with a nested failure among the newest runs."""
    for seed in range(60):
        state = factory_from_folder(SYNAPSE, lambda: NOW, seed)
        try:
            return (state, *nested_failure(state))
        except StopIteration:
            continue
    raise AssertionError("no seed has a nested failure")


async def test_a_real_factory_answers_what_runs_what_failed_and_why(tmp_path: Path) -> None:
    state, run, leaf = story()
    file = declared(tmp_path, state.factories[0].name)
    async with running_product(state, file, lambda: NOW) as product:
        assert run.pipeline in await ask(product, f"status of {run.pipeline}")
        assert run.pipeline in await ask(product, "which pipelines failed")
        assert leaf in await ask(product, f"why did {run.pipeline} fail")
        assert "as of" in await ask(product, "what is running")
