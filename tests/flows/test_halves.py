"""Two things asked in one message: one that cannot be answered hides nothing of the other."""

from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cards.text_rendering import read_card
from tests.doubles.teams import Client
from tests.flows.test_faults import Azure
from tests.harness import Product

ZONE = ZoneInfo("Europe/Berlin")
STATUS = "how is CustomerDataETL"
RUNTIMES = "are the integration runtimes up"


async def texts(product: Product, question: str, who: str) -> Sequence[str]:
    """What somebody reads of every card that answers a question."""
    before = len(product.connector.messages)
    client = Client(service_url=product.connector.url, name=who)
    await product.ask(client.in_channel(question))
    await product.settled()
    sent = product.connector.messages[before:]
    return [read_card(one.card, ZONE).text for one in sent if one.card]


@pytest.mark.parametrize(
    ("question", "left", "broken"),
    [
        (f"{STATUS} and {RUNTIMES}", "CustomerDataETL failed", "integrationRuntimes"),
        (f"{RUNTIMES}? and {STATUS}?", "CustomerDataETL failed", "integrationRuntimes"),
        (f"{STATUS} and {RUNTIMES}", "shir", "queryPipelineRuns"),
    ],
)
@pytest.mark.parametrize("status", [403, 503])
async def test_a_half_that_azure_cannot_answer_costs_the_other_nothing(
    question: str, left: str, broken: str, status: int, tmp_path: Path
) -> None:
    azure = Azure()
    azure.breaks(path=broken, status=status)
    async with azure.product(tmp_path) as product:
        read = await texts(product, question, "Maya")
    whole = "\n".join(read)
    assert left in whole
    assert "You asked" in whole


async def test_what_was_done_is_told_beside_what_was_refused(tmp_path: Path) -> None:
    async with Azure().product(tmp_path) as product:
        read = await texts(
            product, "tell me when CustomerDataETL fails and rerun IngestSalesforce", "Tom"
        )
    whole = "\n".join(read)
    assert "CustomerDataETL" in read[0]
    assert "1 alert" in whole
    assert "needs the role operator" in whole


@pytest.mark.parametrize(
    "question",
    [f"{STATUS} and what failed in adf-uat", f"what failed in adf-uat and {STATUS}"],
)
async def test_a_factory_that_is_closed_to_somebody_closes_no_other(
    question: str, tmp_path: Path
) -> None:
    async with Azure().product(tmp_path) as product:
        whole = "\n".join(await texts(product, question, "Lee"))
    assert "CustomerDataETL failed" in whole
    assert "You have no role in adf-uat" in whole
