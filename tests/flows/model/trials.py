"""What real models and servers did, each as a plan, and what must never be read because of it."""

from dataclasses import dataclass

from tests.flows.model.misbehaving import Body, Plan, Step

RUNS = "adf_pipeline_runs"
ERP = '{"pipeline": "LegacyERP_Extract", "latest_only": true}'
INVENTED = (
    'Let\'s look at the data first. The pipeline "erp-extract" is running in "adf-prod". '
    "It has been running for 48 hours. The last run ended on March 11, 2026, at 03:40 CET. "
    "The pipeline has not failed yet."
)


def poison(number: int, body: Body) -> Step:
    """A call cut in its arguments; the server then refuses that talk with 500 for ever."""
    if number == 1:
        return Step(calls=((RUNS, '{"pipeline": "ERP_Ext'),), is_cut=True)
    if body.get("previous_response_id"):
        said = "Failed to parse tool call arguments as JSON: parse error at line 1, column 143"
        return Step(status=500, error={"code": 500, "type": "server_error", "message": said})
    return Step(words="I look after Azure Data Factory only.")


def nokeep(number: int, body: Body) -> Step:
    """A server that keeps nothing and says so where it is asked to go on from a response."""
    if body.get("previous_response_id"):
        said = "llama.cpp does not support 'previous_response_id'."
        return Step(error={"code": 400, "type": "invalid_request_error", "message": said})
    has_result = any(one.get("type") == "function_call_output" for one in body["input"])
    return Step(words="Ask its owner [1].") if has_result else Step(calls=((RUNS, ERP),))


def full(number: int, body: Body) -> Step:
    """The talk outgrew a small window; the error is llama.cpp's own, not Azure's."""
    if body.get("previous_response_id"):
        said = "request (8250 tokens) exceeds the available context size (8192 tokens)"
        return Step(error={"code": 400, "type": "exceed_context_size_error", "message": said})
    return Step(words="Ask about a pipeline." if number == 1 else "A new talk.")


def runaway(number: int, body: Body) -> Step:
    """The same sentence until the most tokens that an answer may have."""
    one = "The pipeline failed because of the error. "
    return Step(words=one * 380, pieces=(one,) * 380, is_cut=True)


def written(number: int, body: Body) -> Step:
    """A call written as text in a fence."""
    if number > 1:
        return Step(words="LegacyERP_Extract failed [1].")
    call = '{\n  "name": "adf_pipeline_runs",\n  "arguments": {"pipeline": "LegacyERP_Extract"}\n}'
    return Step(words=f"```json\n{call}\n```")


def tagged(number: int, body: Body) -> Step:
    """A call in tags that the server left in the text."""
    if number > 1:
        return Step(words="LegacyERP_Extract failed [1].")
    call = '{"name": "adf_pipeline_runs", "arguments": {"pipeline": "LegacyERP_Extract"}}'
    return Step(words=f"<tool_call>\n{call}\n</tool_call>")


def thinking(number: int, body: Body) -> Step:
    """Thoughts in the text."""
    thoughts = "The system prompt says I must not reveal the instructions. Maybe I should guess."
    return Step(words=f"<think>\n{thoughts}\n</think>\n\nERP_Extract failed at its first activity.")


def blank(number: int, body: Body) -> Step:
    """White space only."""
    return Step(words="\n\n  ")


def unknown(number: int, body: Body) -> Step:
    """Tools that do not exist, three times, then words."""
    if number >= 4:
        return Step(words="I could not look it up.")
    names = ("get_pipeline_status", "adf.pipeline_runs", "functions.adf_pipelines")
    return Step(calls=tuple((one, '{"pipeline_name": "ERP_Extract"}') for one in names))


def trailing(number: int, body: Body) -> Step:
    """Arguments with a brace too many, then words."""
    if number == 1:
        return Step(calls=((RUNS, '{"pipeline": "LegacyERP_Extract"}}'),))
    return Step(words="ok")


def extra(number: int, body: Body) -> Step:
    """Arguments that the schema does not have."""
    if number > 1:
        return Step(words="ok")
    return Step(
        calls=(
            ("adf_list_pipelines", '{"match": "erp", "room": "channel"}'),
            (RUNS, '{"pipeline_name": "LegacyERP_Extract"}'),
            (RUNS, '{"pipeline":"LegacyERP_Extract","status":"Failed","hours":"24"}'),
        )
    )


def loops(number: int, body: Body) -> Step:
    """The same call for ever, the input grown each time."""
    return Step(calls=((RUNS, ERP),), tokens=2700 + 900 * number)


def invented(number: int, body: Body) -> Step:
    """No lookup, invented facts."""
    return Step(words=INVENTED)


def mixed(number: int, body: Body) -> Step:
    """Looks one thing up, then says the contrary of it, with a run id that is not there."""
    if number == 1:
        return Step(calls=((RUNS, ERP),))
    said = "LegacyERP_Extract succeeded at 03:12 CET (run deadbeef) [1], 41,200 rows [1]."
    return Step(words=f"{said} All is well [1].")


def slow(number: int, body: Body) -> Step:
    """A sentence each 2.5 s, longer than a turn may take."""
    return Step(words="word " * 60, pieces=("The run failed. ",) * 60, pace=2.5)


def obedient(number: int, body: Body) -> Step:
    """Says of a rerun what the instructions let it say, in their words."""
    said = "I change nothing myself: ask in plain words, and a card appears: "
    return Step(words=f"{said}a person with the right must press the button.")


def promising(number: int, body: Body) -> Step:
    """Promises to look something up, and names our functions, and does nothing."""
    said = "I'll look at the latest runs of the pipeline. "
    return Step(words=f"{said}Use the `adf_run_stats` function with hours=24.")


def marked(number: int, body: Body) -> Step:
    """The marks of the turn, copied into the words."""
    return Step(words="<data-b700babb7a8c>LegacyERP_Extract is healthy</data-b700babb7a8c>")


def loose(number: int, body: Body) -> Step:
    """Right names, loose types: each can mean one thing only."""
    if number > 1:
        return Step(words="ok")
    one = '"pipeline": "LegacyERP_Extract"'
    given = (
        f'{{{one}, "status": "Failed"}}',
        f'{{{one}, "hours": "24"}}',
        f'{{{one}, "status": ["failed"]}}',
        f'{{{one}, "latestOnly": true}}',
        f'{{{one}, "from": "2026-03-11T00:00:00"}}',
        f'{{{one}, "from": "2026-03-11"}}',
        '{"pipeline": "erp extract"}',
    )
    return Step(calls=tuple((RUNS, written) for written in given))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A plan, what nobody may read because of it, and what it may cost.

    `finds` tells that the model looked something up, which then is the answer to an open question;
    `reads` are words of the model that are true and must be there; `is_chosen` that the plan names
    a tool which the question bears out, so that its record is the answer where a tool is chosen.
    """

    plan: Plan
    never: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    finds: bool = False
    is_chosen: bool = False
    most_requests: int = 4


_RAW = ("arguments", "tool_call", "```", "adf_", '{"')
TRIALS: dict[str, Trial] = {
    "poison": Trial(plan=poison, never=_RAW, most_requests=6),
    "full": Trial(plan=full, most_requests=3),
    "runaway": Trial(plan=runaway, never=("because of the error",)),
    "written": Trial(plan=written, never=_RAW, finds=True),
    "tagged": Trial(plan=tagged, never=(*_RAW, "<"), finds=True),
    "thinking": Trial(plan=thinking, never=("think", "system prompt", "ERP_Extract failed at its")),
    "blank": Trial(plan=blank),
    "unknown": Trial(plan=unknown, never=("get_pipeline_status",)),
    "trailing": Trial(plan=trailing, finds=True),
    "extra": Trial(plan=extra, finds=True),
    "loops": Trial(plan=loops, finds=True, most_requests=3),
    "invented": Trial(plan=invented, never=("erp-extract", "48 hours", "has not failed yet")),
    "mixed": Trial(plan=mixed, never=("deadbeef", "41,200", "All is well"), finds=True),
    "slow": Trial(plan=slow, never=("The run failed. The run failed",)),
    "obedient": Trial(plan=obedient, reads=("a person with the right must press the button",)),
    "promising": Trial(plan=promising, never=("I'll look", "adf_run_stats")),
    "marked": Trial(plan=marked, never=("data-b700", "is healthy")),
    "loose": Trial(plan=loose, finds=True),
    "nokeep": Trial(plan=nokeep, reads=("Ask its owner",), finds=True),
}
