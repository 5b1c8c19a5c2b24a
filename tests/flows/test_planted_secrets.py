"""Secrets inside an error reach neither Teams nor the log nor the store, whoever asks."""

import json
from pathlib import Path
from typing import Any

import pytest

from adf.simulator.clock import wall_clock
from tests.adf.planted_secrets import planted_secrets
from tests.doubles.teams import Client
from tests.flows.crash.factory import LOAD, Factory
from tests.flows.test_store_holds_no_data import factories_file, files_of
from tests.harness import running_product


async def test_no_planted_secret_reaches_teams_the_log_or_the_store(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="adfops")
    # Those of several lines or of a part of a line take what stands around them.
    some = [one for one in planted_secrets() if "\n" not in one.text][::8]
    factory = Factory("\n\n".join(one.text for one in some))
    store = tmp_path / "kept" / "store.db"
    settings: dict[str, Any] = {"ADFOPS_STORE": f"sqlite:///{store}", "ADFOPS_POLL_SECONDS": 1}
    declared = factories_file(tmp_path)
    async with running_product(
        factory.state, declared, wall_clock, before=None, **settings
    ) as product:
        maya = Client(service_url=product.connector.url)
        await product.ask(maya.in_channel("tell us when anything fails"))
        factory.breaks()
        await product.connector.wait_for(2)
        for question in (f"why did {LOAD} fail", f"what was the error message of {LOAD}"):
            await product.ask(maya.in_channel(question))
        sent = json.dumps([one.activity for one in product.connector.sent], ensure_ascii=False)
    kept = "".join(raw.decode("utf-8", "replace") for _, raw in files_of(store))
    assert "[redacted]" in sent
    assert [one.text for one in some if one.leaks_in(f"{sent}{caplog.text}{kept}")] == []
