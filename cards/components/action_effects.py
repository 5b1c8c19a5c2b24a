"""What an act will do, what stays, and what speaks against it, as sentences for cards."""

from collections.abc import Iterator, Sequence
from typing import LiteralString

from adf.records import (
    ACTIVE,
    ActionKind,
    ActionPreview,
    ActionTarget,
    Effect,
    PipelineRun,
    PreviewedActivity,
    RerunMode,
    TriggerKind,
)
from cards.components.status_styles import look_of
from cards.context import CardContext
from cards.records import ActionFacts
from cards.text import Md, bold, count, duration, line, md, names, say, short_id, when

MOST_NAMED = 5
_INNER = frozenset({"ForEach", "Until", "IfCondition", "Switch"})


def button_title(target: ActionTarget) -> str:
    """What stands on the button that does it."""
    if target.kind is ActionKind.RERUN:
        return {
            RerunMode.WHOLE: "Rerun",
            RerunMode.FROM_FAILURE: "Rerun from failure",
            RerunMode.FROM_ACTIVITY: "Rerun from there",
        }[target.mode]
    return {
        ActionKind.RUN: "Run",
        ActionKind.CANCEL: "Cancel the run",
        ActionKind.START_TRIGGER: "Start the trigger",
    }.get(target.kind, "Stop the trigger")


def in_words(target: ActionTarget) -> Md:
    """The act in a few words: "Rerun CustomerDataETL from the failed activity"."""
    return md(plainly(target), 200)


def plainly(target: ActionTarget) -> str:
    """The act in a few words, where no markdown is read."""
    subject = line(target.subject, 120)
    begins = {
        RerunMode.WHOLE: "from the beginning",
        RerunMode.FROM_FAILURE: "from the failed activity",
        RerunMode.FROM_ACTIVITY: f"from {line(target.activity or '', 80)}",
    }[target.mode]
    return {
        ActionKind.RERUN: f"Rerun {subject} {begins}",
        ActionKind.RUN: f"Run {subject} once",
        ActionKind.CANCEL: f"Cancel run {short_id(target.run_id or '')} of {subject}",
        ActionKind.START_TRIGGER: f"Start trigger {subject}",
        ActionKind.STOP_TRIGGER: f"Stop trigger {subject}",
    }[target.kind]


def effects(preview: ActionPreview, reader: CardContext) -> list[Md]:
    """What will happen, the most telling first."""
    kind = preview.target.kind
    if kind is ActionKind.CANCEL:
        return list(_of_cancel(preview, reader))
    if kind in {ActionKind.RERUN, ActionKind.RUN}:
        return list(_of_run(preview))
    return list(_of_trigger(preview, reader))


def stays(preview: ActionPreview) -> list[Md]:
    """What will not happen though somebody might expect it."""
    kind, made = preview.target.kind, list[Md]()
    if preview.reused:
        made.append(say("Skipped, using the earlier output: {}.", _activity_names(preview.reused)))
    if kind is ActionKind.RERUN and preview.parent is not None:
        made.append(_parent_of(preview.parent))
    if kind is ActionKind.CANCEL:
        made.append(Md("What it has written so far stays: Data Factory doesn't roll back."))
        if preview.children and not preview.target.recursive:
            made.append(say("Its child runs continue: {}.", _runs(preview.children)))
    return made


def _of_run(preview: ActionPreview) -> Iterator[Md]:
    again = " again" if preview.target.kind is ActionKind.RERUN else ""
    outer = [one for one in preview.repeated if not one.inside]
    if outer:
        yield say("Runs{}: {}.", again, _activity_names(outer))
    for loop in preview.loops_restarted[:MOST_NAMED]:
        yield say(
            "{} ({}) starts over: every item runs, also those that succeeded.",
            bold(loop.name, 80),
            loop.kind,
        )
    yield from _less_certain(preview)
    if preview.target.kind is ActionKind.RERUN and preview.run is not None:
        same = "With the same parameters as" if preview.parameters else "Without parameters, like"
        yield say("{} run {}.", same, short_id(preview.run.run_id))


def _less_certain(preview: ActionPreview) -> Iterator[Md]:
    """What depends on conditions or failures, is gone through only, or waits."""
    decided = [one for one in preview.decided_anew if one.kind not in _INNER]
    sentences: tuple[tuple[LiteralString, Sequence[PreviewedActivity]], ...] = (
        ("Conditions are evaluated again: {}.", decided),
        (
            "Entered again, but what succeeded inside stays: {}.",
            [one for one in preview.activities if one.effect is Effect.REPLAYED],
        ),
        (
            "Runs only if something before it fails: {}.",
            [one for one in preview.activities if one.effect is Effect.IF_IT_FAILS],
        ),
        ("Waits again: {}.", preview.waits),
    )
    for sentence, listed in sentences:
        if listed:
            yield say(sentence, _activity_names(listed))


def _of_cancel(preview: ActionPreview, reader: CardContext) -> Iterator[Md]:
    if preview.interrupted:
        kinds = [f"{one.name} ({one.kind})" for one in preview.interrupted]
        yield say("Stops in the middle: {}.", names(kinds, MOST_NAMED, 120))
    run = preview.run
    if run is not None and run.start is not None and run.status in ACTIVE:
        took = run.lasted(reader.now)
        since = when(run.start, reader.now, reader.zone)
        yield say(
            "The run began at {}{}.", since, say(", {} ago", duration(took)) if took else Md("")
        )
    if preview.children and preview.target.recursive:
        yield say("Its child runs stop too: {}.", _runs(preview.children))


def queued_behind(facts: ActionFacts) -> Md:
    """How many runs of the pipeline wait behind it."""
    if not facts.queued:
        return Md("")
    verb = "waits" if len(facts.queued) == 1 else "wait"
    total = count(len(facts.queued), "queued run")
    return say("{} {} behind it; the next one begins then.", total, verb)


def _of_trigger(preview: ActionPreview, reader: CardContext) -> Iterator[Md]:
    trigger = preview.trigger
    if trigger is None:
        return
    starts = names(trigger.pipelines, MOST_NAMED) or Md("nothing")
    if preview.target.kind is ActionKind.STOP_TRIGGER:
        yield say("It no longer runs {}, until somebody starts it again.", starts)
        yield Md("Runs in progress continue.")
        return
    yield say("It runs {} on its schedule again.", starts)
    if preview.next_start is not None:
        yield say("Next run: {}.", when(preview.next_start, reader.now, reader.zone))
    if trigger.kind is TriggerKind.TUMBLING_WINDOW:
        missed_windows = count(preview.backlog, "window") if preview.backlog else "the windows"
        yield say("It also runs {} that it missed.", missed_windows)
    else:
        yield Md("It does not run the missed starts: run the pipeline once for those.")


def _parent_of(parent: PipelineRun) -> Md:
    state = look_of(parent.status).word.lower()
    return say(
        "{} called this run and does not see the new one: its run {} stays {}, and what it "
        "skipped is not run.",
        bold(parent.pipeline, 80),
        short_id(parent.run_id),
        state,
    )


def _activity_names(listed: Sequence[PreviewedActivity]) -> Md:
    return names(list(dict.fromkeys(one.name for one in listed)), MOST_NAMED, 80)


def _runs(runs: Sequence[PipelineRun]) -> Md:
    return names([f"{one.pipeline} {short_id(one.run_id)}" for one in runs], 3, 100)


def question_for(target: ActionTarget) -> str:
    """The words that ask for the act, as a button says them."""
    return {
        ActionKind.RERUN: f"rerun run {target.run_id}"
        + (" from failure" if target.mode is RerunMode.FROM_FAILURE else ""),
        ActionKind.RUN: f"run {target.subject}",
        ActionKind.CANCEL: f"cancel run {target.run_id}",
        ActionKind.START_TRIGGER: f"start trigger {target.subject}",
        ActionKind.STOP_TRIGGER: f"stop trigger {target.subject}",
    }[target.kind]
