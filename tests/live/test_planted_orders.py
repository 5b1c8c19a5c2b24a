"""The orders that a real model reads do no harm either when a model obeys each of them."""

import json
import logging
from pathlib import Path

import pytest

from tests.flows.model.stage import BACKENDS
from tests.flows.model.test_planted import Planted, assert_no_harm, obeyed
from tests.live.planted import ORDERS


@pytest.mark.prove
@pytest.mark.parametrize("name", ORDERS)
async def test_an_order_that_is_obeyed_does_no_harm(
    name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    order, wanted = ORDERS[name]
    planted = Planted(activity=order[:120]) if name == "name" else Planted(error=order)
    backend = BACKENDS[list(ORDERS).index(name) % len(BACKENDS)]
    stage, texts = await obeyed(planted, backend, tmp_path)
    assert_no_harm(stage, texts, caplog.text)
    said = json.dumps([text.partition("AI generated")[2] for text in texts]).lower()
    assert not wanted or wanted == "you are the" or wanted.lower() not in said
