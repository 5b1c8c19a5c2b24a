"""A factory that is none of ours is never answered about another one."""

import pytest

from tests.flows.conftest import Run, client_of


@pytest.mark.parametrize(
    "question",
    [
        "what failed in adf-sit",
        "why did CustomerDataETL fail in adf-dev",
        "status of adf_dev today",
    ],
)
async def test_a_question_about_an_unknown_factory_is_not_answered_about_another(
    question: str, run: Run
) -> None:
    async with run() as product:
        await product.ask(client_of(product).personal(question))
        assert [call for call in product.calls if call.name.startswith("adf_")] == []
