"""ir_card: whether integration runtimes are online, since when not, and what that stops."""

from collections.abc import Sequence

from adf.records import RuntimeNode, RuntimeReport, RuntimeStatus, RuntimeWork
from cards import extension as x
from cards.card import Card
from cards.components import buttons as press
from cards.components.blocks import LONGEST_NAME, facts, finding, header, note, reader_note, section
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.rows import ListRow, rows
from cards.components.status_styles import (
    DEGRADED,
    FAILED,
    ITEM,
    RUNNING,
    SUCCEEDED,
    TELLING,
    StatusStyle,
)
from cards.context import CardContext
from cards.text import Md, Said, bold, count, duration, line, macro, md, say, when

MOST_RUNS = 6
_PARTLY = frozenset({"limited", "upgrading", "starting", "needregistration"})


def ir_card(report: RuntimeReport, reader: CardContext) -> Card:
    """One integration runtime in full, or a row for each of many, those with a problem first."""
    return fitted(lambda room: _draft(report, reader, room))


def _draft(report: RuntimeReport, reader: CardContext, room: SizeLimit) -> CardDraft:
    down = [one for one in report.runtimes if one.has_problem]
    subject = down[0] if len(down) == 1 else None
    subject = report.runtimes[0] if len(report.runtimes) == 1 else subject
    look = _look(down[0]) if down else SUCCEEDED if report.runtimes else TELLING
    said = _headline(report.runtimes, down, subject)
    body: list[x.Element] = [
        header(look, md(said, 200), say("{} · as of {}", report.factory, macro(report.as_of)))
    ]
    if subject:
        body += _one(report, subject, reader, room)
    others = [one for one in report.runtimes if one is not subject]
    if subject and others:
        body.append(section("Other integration runtimes"))
    body += rows([_row(one, report, reader) for one in others], room.rows, "runtime")
    body += reader_note(reader.note)
    body += [note(md(one, 200)) for one in report.gaps[:3]]
    return CardDraft(
        kind="ir_card",
        summary=f"{_word(look)}: {said}. {_affected(report, subject)}",
        body=body,
        actions=[
            press.ask("What failed", "which pipelines failed in the last 24 hours"),
            press.ask("What is running", "what is running"),
        ],
    )


def _word(look: StatusStyle) -> str:
    words = {FAILED: "Offline", DEGRADED: "Attention", SUCCEEDED: "Online"}
    return words.get(look, look.word)


def _look(one: RuntimeStatus) -> StatusStyle:
    if not one.has_problem:
        return SUCCEEDED if one.is_online else ITEM
    partly = one.state.lower() in _PARTLY or any(node.is_online for node in one.nodes)
    return DEGRADED if partly or one.state.lower() == "unknown" else FAILED


def _headline(
    listed: Sequence[RuntimeStatus], down: Sequence[RuntimeStatus], subject: RuntimeStatus | None
) -> str:
    if subject:
        return f"{line(subject.name, LONGEST_NAME)} is {_state(subject)}"
    if down:
        return f"{len(down)} of {count(len(listed), 'integration runtime')} not online"
    if not listed:
        return "No integration runtime of its own"
    return f"{count(len(listed), 'integration runtime')}, none offline"


def _state(one: RuntimeStatus) -> str:
    words = {"needregistration": "not registered", "accessdenied": "without access"}
    return words.get(one.state.lower(), line(one.state, 40).lower() or "in an unknown state")


def _affected(report: RuntimeReport, subject: RuntimeStatus | None) -> str:
    failed = report.failed_on(subject.name) if subject else ()
    return f"{count(len(failed), 'run')} failed on it." if failed else ""


def _one(
    report: RuntimeReport, one: RuntimeStatus, reader: CardContext, room: SizeLimit
) -> list[x.Element]:
    failed, running = report.failed_on(one.name), report.running_on(one.name)
    most = min(MOST_RUNS, room.rows)
    nodes = [_node(node, reader) for node in one.nodes]
    return [
        finding(_what_happened(one, failed, reader)),
        *facts(_facts(one, running, looked=bool(report.name) or one.has_problem)),
        *([section("Nodes")] if len(nodes) > 1 else []),
        *rows(nodes, most, "node", spacing="ExtraSmall"),
        *([section("Failed on it in the last 24 h")] if failed else []),
        *rows([_work(run, reader) for run in failed], most, "failed run", name="failed"),
        *([section("Running on it now")] if running else []),
        *rows([_work(run, reader) for run in running], most, "active run", name="active"),
    ]


def _what_happened(one: RuntimeStatus, failed: Sequence[RuntimeWork], reader: CardContext) -> Md:
    """The one sentence or two for 3 am."""
    down = [node for node in one.nodes if not node.is_online]
    pipelines = len({run.pipeline for run in failed})
    since_then = (
        say(" {} failed on it.", bold(count(pipelines, "pipeline"))) if pipelines else Md("")
    )
    if not one.has_problem:
        return say("{}{}", Md(_WELL if one.is_online else _AT_REST), since_then)
    if one.state.lower() == "needregistration":
        return Md("No machine is registered: install the runtime on one and register it.")
    if one.offline_since:
        ago = duration(reader.now - one.offline_since)
        since = when(one.offline_since, reader.now, reader.zone)
        return say("Last seen {} ({} ago).{}", since, ago, since_then)
    if down and len(down) < len(one.nodes):
        total = count(len(one.nodes), "node")
        return say("{} of {} offline.{}", len(down), total, since_then)
    return say("It can't run anything while it is {}.{}", _state(one), since_then)


_WELL = "It is ready."
_AT_REST = "It is off and starts when it is started by hand or by a pipeline."


def _load(node: RuntimeNode) -> str:
    """How many of the jobs that it may run at once it runs; blank where it does not say."""
    if node.running is None:
        return ""
    limit = node.running_limit
    return f"{node.running} of {count(limit, 'job')}" if limit else count(node.running, "job")


def _facts(
    one: RuntimeStatus, running: Sequence[RuntimeWork], *, looked: bool
) -> list[tuple[Said, Said]]:
    busy = [node.running for node in one.nodes if node.running is not None]
    limits = [node.running_limit for node in one.nodes if node.running_limit and node.is_online]
    load = f"{sum(busy)} of {count(sum(limits), 'job')}" if busy and limits else ""
    return [
        ("Type", md(_kind(one), 60)),
        ("Version", _version(one)),
        ("Load", md(load)),
        ("In use", Md("no run uses it now") if looked and not running else Md("")),
        ("Region", md(one.location, 60)),
    ]


def _kind(one: RuntimeStatus) -> str:
    return {"selfhosted": "self-hosted", "managed": "Azure"}.get(one.kind.lower(), one.kind)


def _version(one: RuntimeStatus) -> Md:
    if not one.version:
        return Md("")
    if one.latest_version and one.latest_version != one.version:
        return say("{}, newest is {}", one.version, one.latest_version)
    return say("{}{}", one.version, ", update it" if one.is_outdated else "")


def _node(node: RuntimeNode, reader: CardContext) -> ListRow:
    seen = ""
    if node.last_connect and not node.is_online:
        seen = say(", last seen {}", when(node.last_connect, reader.now, reader.zone))
    load = [
        f"CPU {node.cpu_percent}%" if node.cpu_percent is not None else "",
        f"{node.free_memory_mb:,} MB free" if node.free_memory_mb is not None else "",
        _load(node),
    ]
    measures = "".join(f" · {one}" for one in load if one)
    return ListRow(
        look=SUCCEEDED if node.is_online else FAILED,
        title=md(node.name, 80),
        below=say("{}{}{}", line(node.status, 30).lower(), seen, measures),
        right=md(node.version, 20),
    )


def _work(one: RuntimeWork, reader: CardContext) -> ListRow:
    return ListRow(
        look=FAILED if one.failed else RUNNING,
        title=md(one.pipeline, LONGEST_NAME),
        below=say("at {}", md(one.activity, 80)),
        right=when(one.at, reader.now, reader.zone) if one.at else Md(""),
        question=f"status of run {one.run_id}",
        spoken=f"Run of {line(one.pipeline, 60)}",
    )


def _row(one: RuntimeStatus, report: RuntimeReport, reader: CardContext) -> ListRow:
    failed = report.failed_on(one.name)
    since = one.offline_since
    parts = [
        md(_kind(one), 40),
        md(_state(one)),
        say("last seen {}", when(since, reader.now, reader.zone)) if since else Md(""),
        md(f"{count(len(failed), 'run')} failed on it") if failed else Md(""),
    ]
    return ListRow(
        look=_look(one),
        title=md(one.name, LONGEST_NAME),
        below=Md(" · ".join(part for part in parts if part)),
        right=md(one.version, 20),
        strong=one.has_problem,
        question=f"status of integration runtime {one.name}",
        spoken=f"Integration runtime: {line(one.name, 60)}",
    )
