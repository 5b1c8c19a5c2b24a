"""After a crash rules alone find again what is to be explained, with the talk as it stood."""

import pytest

from adf.client import NotGranted
from bot.access.audit import AuditLog
from bot.access.denial import Denials
from bot.access.policy import AccessPolicy, TenantAccess
from bot.agents.approvals import PARTITION, PendingApprovals
from bot.agents.interface import Answer, Approval
from bot.messages import Address, Person
from bot.state.conversations import ConversationStates
from bot.state.rooms import Rooms, RoomZones
from bot.state.store import MemoryStore
from bot.turns.answer import AnswerService
from bot.turns.question import QuestionBuilder
from cards.gallery import typical
from cards.records import Notice
from tests.bot.agents.test_explainer import Model, explainer
from tests.bot.turns.test_explanations import draw, message
from tests.bot.turns.test_handler import NOW, Agent, Nobody

ASKED = message("and yesterday?")
THEN = {"pipeline": "Orders"}
FOUND = Answer(records=(typical.FAILURE,), memory=THEN)


class Guests(Nobody):
    """Asked about people of whom all are guests."""

    async def is_guest(self, address: Address, person: Person) -> bool:
        return True


class Anew:
    """Answers over fakes, with a model that must stay silent."""

    def __init__(self, *answers: Answer | Exception, local: bool = True) -> None:
        self.agent, self.model, self.store = Agent(), Model(), MemoryStore()
        self.agent.answers = list(answers)
        self.approvals = PendingApprovals(store=self.store, clock=lambda: NOW, make_id=lambda: "id")
        self.memories = ConversationStates(self.store, lambda: NOW)
        rooms = Rooms(self.store, lambda: NOW)
        everybody = TenantAccess(factories=("adf-prod",), default="adf-prod", local=local)
        people = AccessPolicy(everybody, rooms, Guests(), lambda _: True)
        refusals = Denials(people, AuditLog(self.store, lambda: NOW, lambda: "id"))
        self.answering = AnswerService(
            agent=self.agent,
            questions=QuestionBuilder(
                policy=people,
                denials=refusals,
                zones=RoomZones(rooms, "UTC"),
                conversations=self.memories,
                clock=lambda: NOW,
            ),
            policy=people,
            denials=refusals,
            render=draw,
            explainer=explainer(self.model)[0],
            approvals=self.approvals,
        )


async def test_the_talk_as_it_stood_decides_what_is_meant() -> None:
    anew = Anew(FOUND)
    await anew.memories.remember(
        ASKED.address.conversation, ASKED.speaker.person_id, {"pipeline": "Payments"}
    )
    found = await anew.answering.answer_again(ASKED, THEN)
    assert found is not None
    assert (found.record, found.before) == (typical.FAILURE, THEN)
    assert [one.memory for one in anew.agent.asked] == [THEN]


async def test_what_waits_for_a_yes_is_left_waiting() -> None:
    anew = Anew(FOUND)
    await anew.approvals.ask(ASKED, [Approval(approval_id="1", server="learn", tool="feedback")])
    await anew.answering.answer_again(ASKED, THEN)
    assert len(await anew.store.range(PARTITION)) == 1


@pytest.mark.parametrize(
    "answer",
    [
        Answer(records=(typical.FAILURE,), sure=False),
        Answer(text="Which pipeline?", sure=False),
        Answer(records=(Notice(said="Hello."),)),
        NotGranted("adf-uat", ("adf-prod",)),
        RuntimeError("boom"),
    ],
)
async def test_where_rules_are_not_sure_nothing_is_explained_and_no_model_asked(
    answer: Answer | Exception,
) -> None:
    anew = Anew(answer)
    assert await anew.answering.answer_again(ASKED, THEN) is None
    assert anew.model.asked == 0


async def test_for_a_stranger_nothing_is_asked_anew() -> None:
    anew = Anew(FOUND, local=False)
    assert await anew.answering.answer_again(ASKED, THEN) is None
    assert anew.agent.asked == []
