"""One dialogue, whoever answers: ask, drill down, follow up, read the docs, allow a call, reset."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from cards.explanation import GENERATED
from tests.doubles.connector import Sent
from tests.doubles.foundry import Answering, Heard, Item, calls, says
from tests.doubles.learn import LearnDouble, running_learn
from tests.flows.model.stage import BACKENDS, Stage, read, talking

WORDS = "That is what the records say."
FROM_THE_DOCS = "Rerun it from the failed activity, in the monitoring view."
TELL_AUTHORS = "send them a note that the page is wrong"
TOLD = "The authors have been told."
AGENTS = ("offline", *BACKENDS)


@pytest.fixture
async def learn() -> AsyncGenerator[LearnDouble]:
    async with running_learn() as double:
        yield double


def think(heard: Heard) -> Sequence[Item]:
    """A model that reads the docs where that is asked, and else has words for the records."""
    if "rerun a pipeline" in heard.question:
        words = says(FROM_THE_DOCS)
        return [words] if heard.step else [calls("learn_docs_search", query=heard.question)]
    if "a note" in heard.question:
        asks = calls("MicrosoftLearn__submit_feedback", text="It is wrong.")
        return [says(TOLD)] if heard.step else [asks]
    return [says(WORDS)]


@dataclass(slots=True, kw_only=True)
class Dialogue:
    """What one person and the bot said, in order."""

    stage: Stage
    has_model: bool
    edited: int = 0
    heard: list[Sent] = field(default_factory=list[Sent])

    async def say(self, text: str) -> str:
        """Say something in the channel; the answer as it is read."""
        self.heard.append(await self.stage.ask(text))
        last = self.heard[-1]
        return read(last).text if last.card else str(last.activity["text"])

    async def words_below(self) -> str:
        """What a model added to the last card; none without a model."""
        if not self.has_model:
            return ""
        self.edited += 1
        edit = (await self.stage.edits(self.edited))[-1]
        before = read(self.heard[-1]).text
        assert edit.activity_id == self._message(self.heard[-1])
        assert read(edit).text.startswith(before)
        return read(edit).text[len(before) :]

    async def allow(self) -> str:
        """Press Allow on the last card; what the model says then."""
        (data,) = (one.data for one in read(self.heard[-1]).buttons if one.verb == "allow_call")
        click = self.stage.client().click(
            "allow_call",
            data or {},
            on_message=self._message(self.heard[-1]),
            thread="1700000000000",
        )
        count = len(self.stage.product.connector.messages)
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.stage.product.endpoint, json=click) as response,
        ):
            assert response.status == 200
        self.edited += 1
        return read((await self.stage.product.connector.wait_for(count + 1))[-1]).text

    def _message(self, sent: Sent) -> str:
        return f"message-{self.stage.product.connector.sent.index(sent) + 1}"


@pytest.mark.parametrize("agent", AGENTS)
async def test_a_dialogue_goes_the_same_way_whoever_answers(
    agent: str, learn: LearnDouble, tmp_path: Path
) -> None:
    async with talking(agent, Answering(think), tmp_path, MCP_SERVER_URL=learn.url) as stage:
        talk = Dialogue(stage=stage, has_model=agent != "offline")

        status = await talk.say("What's the status of the CustomerDataETL pipeline?")
        assert status.startswith("CustomerDataETL failed adf-prod")
        assert GENERATED not in status

        why = await talk.say("why did it fail?")
        assert "CustomerKey" in why
        assert (WORDS in await talk.words_below()) == talk.has_model

        other = await talk.say("and PaymentsRecon?")
        assert other.startswith("PaymentsRecon failed adf-prod")
        assert (WORDS in await talk.words_below()) == talk.has_model

        docs = await talk.say("How do I rerun a pipeline from a failed activity?")
        assert "from the failed activity" in docs
        assert "learn.microsoft.com" in docs
        assert (FROM_THE_DOCS in await talk.words_below()) == talk.has_model
        searches = len(learn.asked)
        assert searches > 0

        asked = await talk.say(TELL_AUTHORS)
        assert len(learn.asked) == searches
        if talk.has_model:
            assert "May I ask MicrosoftLearn?" in asked
            assert TOLD in await talk.allow()
            assert learn.asked[-1] == ("submit_feedback", {"text": "It is wrong."})

        assert "why did" not in await talk.say("forget this conversation")
        lost = await talk.say("why did it fail?")
        assert "PaymentsRecon failed" not in lost
        assert stage.arm_writes == []


@pytest.mark.parametrize("agent", AGENTS)
async def test_the_facts_of_a_dialogue_are_the_same_whoever_answers(
    agent: str, tmp_path: Path
) -> None:
    """Each card as the rules alone draw it: a model adds below, and changes nothing."""
    said = ("what is running", "why did PL_Master_Nightly fail", "and yesterday?", "trend of it")
    shown: list[list[str]] = []
    for one in ("offline", agent):
        async with talking(one, Answering(think), tmp_path) as stage:
            talk = Dialogue(stage=stage, has_model=False)
            shown.append([(await talk.say(text)).partition("\nExplanation\n")[0] for text in said])
    assert shown[0] == shown[1]
