"""usage_card: what the language model was used for, and what that cost."""

from adaptive_cards.types import Colors

from cards import extension as x
from cards.card import Card
from cards.components.blocks import facts, header, note, reader_note, tile, tiles
from cards.components.graphs import spark_line
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.status_styles import DEGRADED, TELLING
from cards.context import CardContext
from cards.records import Usage, Used
from cards.text import Md, count, line, md, say


def usage_card(usage: Usage, reader: CardContext) -> Card:
    """What the language model cost today, against its cap."""
    return fitted(lambda room: _draft(usage, reader, room))


def _draft(usage: Usage, reader: CardContext, room: SizeLimit) -> CardDraft:
    del room
    share = f"{usage.tokens / usage.cap:.0%} of the daily limit" if usage.cap else "no cap is set"
    near = bool(usage.cap) and usage.tokens >= 0.8 * (usage.cap or 1)
    values = [float(much) for _, much in usage.days]
    label = _by_day(usage.days)
    return CardDraft(
        kind="usage_card",
        summary=f"Usage: {count(usage.tokens, 'token')} today, {share}.",
        body=[
            header(
                DEGRADED if near else TELLING,
                "Model usage",
                md(usage.model, 60),
            ),
            tiles(_tiles(usage)),
            *_split(usage.today),
            *([note(_here(usage))] if usage.here.turns else []),
            *(spark_line(f"Tokens by day: {label}", values, Colors.ACCENT) if values else []),
            *([note(say("Cost by day: {}", _costs(usage.costs)))] if usage.costs else []),
            *([note(say("Answers by day: {}", _by_day(usage.answered)))] if usage.answered else []),
            *reader_note(reader.note),
            note("Only model-written text uses tokens."),
        ],
    )


def _tiles(usage: Usage) -> list[x.Column]:
    share = f"{usage.tokens / usage.cap:.0%} of {usage.cap:,}" if usage.cap else "no cap is set"
    shown = [
        tile("Tokens today", md(f"{usage.tokens:,}"), md(share)),
        tile("Answers", md(f"{usage.answers:,}")),
    ]
    return [*shown, tile("Cost", md(usage.cost, 20))] if usage.cost else shown


def _split(today: Used) -> list[x.Element]:
    """What the tokens of the day were, and what the model did for them."""
    if not today.turns:
        return []
    return facts(
        [
            ("Input", md(f"{today.input:,}, of which {today.cached:,} cached")),
            ("Output", md(f"{today.output:,}")),
            ("Turns", md(f"{today.turns:,}{_each(today)}")),
            ("Steps", md(f"{today.steps:,}, with {count(today.calls, 'tool call')}")),
        ]
    )


def _here(usage: Usage) -> Md:
    here = usage.here
    turns = f"{count(here.turns, 'turn')}{_each(here)}"
    did = f"{count(here.steps, 'step')}, {count(here.calls, 'tool call')}"
    return say(
        "This conversation: {} in ({} cached), {} out; {}, {}{}.",
        count(here.input, "token"),
        f"{here.cached:,}",
        f"{here.output:,}",
        turns,
        did,
        say("; {}", md(usage.here_cost, 20)) if usage.here_cost else "",
    )


def _each(used: Used) -> str:
    """The time of a turn; nothing where none was measured."""
    return f", {used.seconds / used.turns:.1f} s each" if used.seconds else ""


def _costs(days: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"{line(day, 10)} {line(much, 20)}" for day, much in days[-7:])


def _by_day(days: tuple[tuple[str, int], ...]) -> str:
    return ", ".join(f"{line(day, 10)} {much:,}" for day, much in days[-7:])
