"""run_card of a run that an approved act began or ends: who asked, who approved, how it goes."""

from adf.records import ACTIVE, BROKEN, ActionKind, PipelineRun
from cards import extension as x
from cards.card import Card
from cards.components import action_effects as effects
from cards.components import action_warnings as against
from cards.components import buttons as press
from cards.components.blocks import code, facts, finding, header, note, reader_note
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.status_styles import look_of
from cards.context import CardContext
from cards.kinds.confirm_card import approved_alone, approved_by, requested_by
from cards.kinds.run_card import KIND, title_of
from cards.links import run_page
from cards.records import ProposalReport
from cards.text import Md, Said, duration, line, md, say, short_id, span, when


def action_run(proposal: ProposalReport, run: PipelineRun, reader: CardContext) -> Card:
    """The run, followed until it ends."""
    return fitted(lambda room: _draft(proposal, run, reader, room))


def _draft(
    proposal: ProposalReport, run: PipelineRun, reader: CardContext, room: SizeLimit
) -> CardDraft:
    look = look_of(run.status)
    body: list[x.Element] = [
        header(look, title_of(run), say("{} · {}", run.factory, effects.in_words(proposal.target))),
        finding(say("{}{}.", requested_by(proposal, reader), approved_by(proposal, reader))),
        *facts(_facts(proposal, run, reader)),
    ]
    if run.message and run.status in BROKEN:
        body.append(code(run.message, min(room.error, 420)))
    body += [note(md(proposal.said, 400))] if proposal.said else []
    body += [approved_alone(proposal)] if proposal.reason else []
    body += reader_note(reader.note)
    body.append(note(_small_print(proposal, run, reader)))
    return CardDraft(
        kind=KIND,
        summary=f"{look.word}: {line(run.pipeline, 120)}. {effects.plainly(proposal.target)}, "
        f"approved by {line(proposal.decided.name if proposal.decided else '?', 60)}.",
        body=body,
        actions=_buttons(run, reader),
    )


def _facts(
    proposal: ProposalReport, run: PipelineRun, reader: CardContext
) -> list[tuple[Said, Said]]:
    took = run.lasted(reader.now)
    usual = proposal.facts.notes.usual
    expected = say(" (usually {})", duration(usual)) if usual else Md("")
    ran = span(run.start, run.end, reader.now, reader.zone) if run.start and run.end else ""
    since = when(run.start, reader.now, reader.zone) if run.start and not run.end else ""
    return [
        ("Since", since),
        ("Ran", ran),
        (
            "So far" if not run.end else "Took",
            say("{}{}", duration(took), expected) if took else "",
        ),
        ("Waiting", against.waiting(proposal.facts, reader.now)),
    ]


def _small_print(proposal: ProposalReport, run: PipelineRun, reader: CardContext) -> Md:
    target = proposal.target
    of = (
        say(" · repeats run {}", short_id(target.run_id))
        if target.kind is ActionKind.RERUN and target.run_id
        else Md("")
    )
    at = when(reader.now, reader.now, reader.zone)
    follows = Md(" · this card follows it") if run.status in ACTIVE else Md("")
    is_new = target.kind in {ActionKind.RERUN, ActionKind.RUN}
    which = Md("new run") if is_new else Md("run")
    return say("{} {}{} · as of {}{}", which, short_id(run.run_id), of, at, follows)


def _buttons(run: PipelineRun, reader: CardContext) -> list[x.Element]:
    first: list[x.Element] = []
    if run.status in BROKEN:
        first = [press.ask("Why did it fail", f"why did run {run.run_id} fail", first=True)]
    return [
        *first,
        *press.open_page("Open in Studio", run_page(reader.studio, run.factory, run.run_id)),
    ]
