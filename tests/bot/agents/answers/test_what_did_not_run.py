"""What did not start, who starts it, and what would be hit: status, "did it run", restarts."""

from zoneinfo import ZoneInfo

import pytest

from adf.client import OtherNames
from adf.records import RunList, RuntimeReport, TriggerReport
from adf.simulator import State, load_world
from bot.agents.answers.other_names import may_name_a_thing, named_in_full, of_a_part
from bot.agents.interface import Question
from bot.agents.understanding.intents import Intent
from bot.agents.understanding.interpreter import KnownNames, interpret
from bot.agents.understanding.vocabulary import is_common
from tests.adf.simulator.worlds import WORLD
from tests.bot.agents.answers.test_agent import HERE, MAYA, NOW
from tests.bot.agents.answers.world_talk import talking

GROUP, NAME = "rg-data-prod", "adf-prod"


def question_of(text: str) -> Question:
    return Question(text=text, speaker=MAYA, address=HERE, now=NOW, zone=ZoneInfo("Europe/Berlin"))


def prod() -> State:
    return load_world(WORLD)


async def test_the_status_of_a_pipeline_that_is_well_says_what_did_not_start() -> None:
    async with talking(prod(), GROUP, NAME) as talk:
        answer = await talk.ask("status of FinanceGL_Load")
        assert isinstance(answer.records[0], RunList)
        assert "Did not start: FinanceGL_Load" in (answer.note or "")


async def test_the_status_of_one_that_failed_asks_for_no_triggers() -> None:
    async with talking(prod(), GROUP, NAME) as talk:
        await talk.ask("status of CustomerDataETL")
        assert [one.name for one in talk.calls] == ["adf_pipeline_runs"]


@pytest.mark.parametrize(
    "text", ["did FinanceGL_Load run", "did the trigger of FinanceGL_Load fire this morning"]
)
async def test_whether_it_ran_is_told_by_its_trigger_and_its_last_run(text: str) -> None:
    async with talking(prod(), GROUP, NAME) as talk:
        answer = await talk.ask(text)
        kinds = {type(one) for one in answer.records}
        assert TriggerReport in kinds or "Did not start" in (answer.note or "")


@pytest.mark.parametrize(
    "text",
    [
        "can i restart the shir now or does that kill something",
        "what happens if I restart the integration runtime",
        "is it safe to reboot the gateway",
    ],
)
async def test_whether_a_runtime_may_be_restarted_is_told_by_what_runs(text: str) -> None:
    async with talking(prod(), GROUP, NAME) as talk:
        answer = await talk.ask(text)
        assert any(isinstance(one, RuntimeReport) for one in answer.records)
        assert not any("cancel" in str(one.arguments).lower() for one in talk.calls)


@pytest.mark.parametrize("kind", ["box", "runtime", "node", "gateway"])
@pytest.mark.parametrize("part", ["lims", "dock", "stlukes"])
@pytest.mark.parametrize("text", ["{} {} back yet", "is the {} {} up", "{} {} still gone?"])
def test_a_runtime_is_known_by_a_part_of_its_name(text: str, part: str, kind: str) -> None:
    asked = text.format(part, kind)
    names = KnownNames(pipelines=("Stock",))
    question = question_of(asked)
    frame = interpret(asked, names, question.now, question.zone)
    name = f"shir-{part}-02"
    others = OtherNames(runtimes=(name, "AutoResolveIntegrationRuntime"))
    read = named_in_full(frame, question, names, others)
    if frame.slots.unknown:
        assert read.slots.unknown == (name,)
        assert read.intent is Intent.RUNTIME_STATUS


@pytest.mark.parametrize("part", ["porto", "board", "hour", "night", "zürich", "weeks"])
@pytest.mark.parametrize("text", ["{} shir up?", "is the {} runtime online", "{} gateway alive?"])
def test_a_runtime_is_known_by_a_word_that_is_near_an_everyday_one(text: str, part: str) -> None:
    names, question = KnownNames(pipelines=("Stock",)), question_of(text.format(part))
    frame = interpret(question.text, names, question.now, question.zone)
    name = f"shir-{part}-02"
    others = OtherNames(runtimes=(name, "shir-lims-01", "AutoResolveIntegrationRuntime"))
    read = named_in_full(frame, question, names, others)
    is_told_apart = may_name_a_thing(frame) and not is_common(part)
    assert read.slots.unknown == (name,) or not is_told_apart


@pytest.mark.parametrize("part", ["casino", "grain", "theater"])
@pytest.mark.parametrize("text", ["is the {} box up", "{} gateway still gone?", "is {} runtime ok"])
def test_a_runtime_may_share_a_word_with_pipelines(text: str, part: str) -> None:
    mine = (f"{part.title()}Floor.MeterPull", f"{part.title()}_Daily_Load")
    names, question = KnownNames(pipelines=(*mine, "Stock")), question_of(text.format(part))
    frame = interpret(question.text, names, question.now, question.zone)
    assert may_name_a_thing(frame)
    others = OtherNames(runtimes=(f"shir-{part}-east", "shir-other-02"))
    read = named_in_full(frame, question, names, others)
    assert (read.intent, read.slots.pipelines) == (Intent.RUNTIME_STATUS, ())
    assert read.slots.unknown == (f"shir-{part}-east",)


@pytest.mark.parametrize(
    ("said", "part"), [("sydney", "syd"), ("chicago", "chi"), ("porto", "por")]
)
def test_a_runtime_is_known_by_the_place_that_its_name_begins(said: str, part: str) -> None:
    names, question = KnownNames(pipelines=("Stock",)), question_of(f"is the {said} gateway up")
    frame = interpret(question.text, names, question.now, question.zone)
    others = OtherNames(runtimes=(f"shir-{part}-02", "shir-lims-01"))
    assert named_in_full(frame, question, names, others).slots.unknown == (f"shir-{part}-02",)


@pytest.mark.parametrize("word", ["on-prem", "on-premise", "on-premises", "onprem"])
@pytest.mark.parametrize("text", ["is the {} gateway up", "are our {} runtimes connected"])
def test_what_the_field_calls_self_hosted_is_no_name(text: str, word: str) -> None:
    question = question_of(text.format(word))
    known = KnownNames(pipelines=("Stock",))
    frame = interpret(question.text, known, question.now, question.zone)
    assert word not in frame.slots.unknown
    assert frame.intent is Intent.RUNTIME_STATUS


@pytest.mark.parametrize("name", ["PaymentRekonsilation", "DockworkerRoster", "LimsyncQuota"])
@pytest.mark.parametrize("text", ["why did {} fail", "status of {}", "is {} done"])
def test_an_unknown_name_is_no_thing_that_begins_alike(text: str, name: str) -> None:
    names, question = KnownNames(pipelines=("Stock",)), question_of(text.format(name))
    frame = interpret(question.text, names, question.now, question.zone)
    others = OtherNames(runtimes=("shir-dock-02",), triggers=("trg_pay_0045", "lims-01"))
    assert named_in_full(frame, question, names, others) is frame


@pytest.mark.parametrize("name", ["shir-manisa-02", "ir-grain", "shir-dock-east-01"])
@pytest.mark.parametrize(
    "text", ["if i reboot {} now do i shoot smth that runs", "can {} be restarted now"]
)
def test_a_restart_of_a_runtime_that_is_named_is_weighed(text: str, name: str) -> None:
    names, question = KnownNames(pipelines=("Stock",)), question_of(text.format(name))
    frame = interpret(question.text, names, question.now, question.zone)
    others = OtherNames(runtimes=(name, "AutoResolveIntegrationRuntime"))
    read = named_in_full(frame, question, names, others)
    assert (read.intent, read.slots.unknown) == (Intent.WHAT_IF, (name,))


async def test_another_language_is_no_name_of_a_pipeline() -> None:
    async with talking(prod(), GROUP, NAME) as talk:
        for text in ("bu gece yolunda güzel miydi", "wszystko działa poprawnie dzisiaj"):
            answer = await talk.ask(text)
            assert "called" not in str(answer.records) + str(answer.text)


def test_a_part_that_two_runtimes_share_is_neither() -> None:
    names, question = KnownNames(pipelines=("Stock",)), question_of("is the lims box up")
    frame = interpret(question.text, names, question.now, question.zone)
    others = OtherNames(runtimes=("shir-lims-01", "shir-lims-02"))
    assert named_in_full(frame, question, names, others) is frame


@pytest.mark.parametrize("part", ["QC", "FX", "GL", "zx"])
@pytest.mark.parametrize(
    "text", ["did the {} one run", "{} numbers are old", "how long did {} take"]
)
def test_two_letters_that_one_pipeline_has_as_a_part_are_that_pipeline(
    text: str, part: str
) -> None:
    mine, names = f"Meters{part.upper()}_Load", ("Stock_Daily", "Sales_Refresh")
    known, question = KnownNames(pipelines=(*names, mine)), question_of(text.format(part))
    frame = interpret(question.text, known, question.now, question.zone)
    read = of_a_part(frame, question, known) if not frame.slots.pipelines else frame
    assert read.slots.pipelines == (mine,)


@pytest.mark.parametrize("name", ["HR", "Kringle", "the payroll thing"])
async def test_whether_something_unknown_ran_is_asked_back(name: str) -> None:
    async with talking(prod(), GROUP, NAME) as talk:
        answer = await talk.ask(f"{name} data is from yesterday, did it run")
        assert not any(isinstance(one, TriggerReport) for one in answer.records)


@pytest.mark.parametrize("name", ["ProcessOrders", "PaymentsRecon", "CustomerDataETL"])
@pytest.mark.parametrize("text", ["did {} run", "did the trigger of {} fire"])
async def test_whether_it_ran_is_answered_by_the_run_where_its_trigger_missed_none(
    text: str, name: str
) -> None:
    async with talking(prod(), GROUP, NAME) as talk:
        answer = await talk.ask(text.format(name))
        assert not any(isinstance(one, TriggerReport) for one in answer.records)
        assert getattr(answer.records[0], "pipeline", name) == name


@pytest.mark.parametrize("said", ["lims-02", "dock-07", "quay-11"])
@pytest.mark.parametrize("text", ["is the {} box up", "how is {} doing", "status of {}"])
def test_a_runtime_is_known_by_parts_that_stand_side_by_side(text: str, said: str) -> None:
    names = KnownNames(pipelines=("Stock",))
    question = question_of(text.format(said))
    frame = interpret(question.text, names, question.now, question.zone)
    assert said in frame.slots.unknown
    others = OtherNames(runtimes=(f"shir-{said}", "shir-other-03"))
    read = named_in_full(frame, question, names, others)
    assert read.slots.unknown == (f"shir-{said}",)
    assert read.intent is Intent.RUNTIME_STATUS
