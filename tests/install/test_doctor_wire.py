"""`doctor --wire` compares a factory's answers with what the bot takes for granted."""

from adf.client.assumptions import ASSUMPTIONS
from bot.doctor import CheckResult, compare_wire
from tests.install.conftest import Ward
from tests.install.test_doctor import answering, arm_error


async def test_the_simulator_answers_as_we_take_for_granted(ward: Ward) -> None:
    findings = await compare_wire(ward.it, ward.ways)
    assert len(findings) == len(ASSUMPTIONS)
    assert [one.said for one in findings if one.verdict is not CheckResult.OK] == []


async def test_an_answer_that_differs_is_one_line_about_it(ward: Ward) -> None:
    ward.before = answering("/pipelineruns/[^/]+$", "GET", arm_error(400, "OddCode"))
    (found,) = [
        one for one in await compare_wire(ward.it, ward.ways) if one.verdict is not CheckResult.OK
    ]
    assert found.what == "wire of lab: unknown run"
    assert "the answer is 400 OddCode" in found.said


async def test_a_factory_that_cannot_be_asked_is_said_so(ward: Ward) -> None:
    ward.before = answering("/queryPipelineRuns$", "POST", arm_error(403, "AuthorizationFailed"))
    (found,) = await compare_wire(ward.it, ward.ways)
    assert found.verdict is CheckResult.WARN
