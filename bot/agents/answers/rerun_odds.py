"""Answers to whether a rerun helps, by what reruns after the same error did."""

from dataclasses import replace

from adf.records import BROKEN, RerunOdds, RunReport, RunStatus
from adf.records.glossary import counted
from bot.agents.answers.clarify import MOST_CHOICES, unclear
from bot.agents.answers.context import AnswerContext, answered, asked_back
from bot.agents.answers.failures import why
from bot.agents.interface import Answer
from cards.records import Choice, Picker


async def does_it_help(turn: AnswerContext) -> Answer:
    """Whether a rerun helps, by what reruns after the same error did."""
    back = unclear(turn)
    if back is not None:
        return back
    run_id = turn.run_id
    if run_id is None and turn.pipeline is None:
        return await _which_failed(turn)
    answer = answered(turn, await turn.report(run_id)) if run_id else await why(turn)
    report = next((one for one in answer.records if isinstance(one, RunReport)), None)
    if report is None or report.run.status not in BROKEN:
        note = f"{answer.note or ''} There is no failure to rerun.".strip()
        return replace(answer, note=note)
    return replace(answer, note=_odds_said(report.odds))


async def _which_failed(turn: AnswerContext) -> Answer:
    """Of which failure: those of the last two days to choose from."""
    found = await turn.runs(status=[RunStatus.FAILED])
    listed = list(dict.fromkeys(run.pipeline for run in found.runs))[:MOST_CHOICES]
    if not listed:
        return answered(turn, found, note="There is no failure to rerun.")
    choices = tuple(Choice(title=one, question=f"will a rerun of {one} help") for one in listed)
    return asked_back(turn, Picker(question="A rerun of which pipeline?", choices=choices))


def _odds_said(odds: RerunOdds | None) -> str:
    """What own history says of a rerun, and what it cannot say."""
    unseen = "I can't see whether running it twice harms the data."
    if odds is None:
        return f"How reruns went after this error could not be read. {unseen}"
    alone = ""
    if odds.left_alone:
        alone = f" Left alone, {odds.healed} of {odds.left_alone} were green at the next start."
    if not odds.reruns:
        return f"I can't tell: no rerun after this error in {odds.days} days.{alone} {unseen}"
    ended = f"{odds.green} of {counted(odds.reruns, 'rerun')} after this error went green"
    if not odds.is_sample:
        return f"{ended}: too few to tell.{alone} {unseen}"
    sure = f"so a rerun helps in {odds.low:.0%} to {odds.high:.0%} of cases (90% interval)"
    return f"{ended}, {sure}.{alone} {unseen}"
