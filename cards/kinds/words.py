"""docs_answer and usage_card: words with their sources, and what words cost."""

from collections.abc import Iterator

from adaptive_cards.types import Colors

from adf.records import ErrorExplanation, Meaning
from cards import extension as x
from cards.card import Card
from cards.components.blocks import bullets, facts, finding, header, note, section, tile, tiles
from cards.components.graphs import spark_line
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.status_styles import DEGRADED, TELLING
from cards.context import CardContext
from cards.explanation import source_buttons, source_line
from cards.records import DocsAnswer, PageSource, Usage, Used
from cards.text import Md, count, line, md, say

MOST_SOURCES = 3
ASKED = "What this error means"
UNKNOWN = "I do not know this error beyond what it says itself."


def docs_answer(answer: DocsAnswer, reader: CardContext) -> Card:
    """An answer in words, and the pages it rests on."""
    return fitted(lambda room: _answer(answer, reader, room))


def error_explanation(record: ErrorExplanation, reader: CardContext) -> Card:
    """What an error means that somebody pasted, in the form of an answer."""
    meaning = record.meaning
    if meaning is None:
        answer = DocsAnswer(question=ASKED, finding=UNKNOWN, points=(f"It says: {record.root}",))
        return docs_answer(answer, reader)
    about = meaning.code or "this error"
    answer = DocsAnswer(
        question=ASKED,
        finding=f"{'Likely: ' if meaning.confidence == 'likely' else ''}{meaning.cause}",
        points=tuple(_about_error(record, meaning)),
        sources=(PageSource(title=f"Microsoft Learn about {about}", url=meaning.page),)
        if meaning.page
        else (),
    )
    return docs_answer(answer, reader)


def _about_error(record: ErrorExplanation, meaning: Meaning) -> Iterator[str]:
    yield f"It says: {record.root}"
    yield from meaning.next_steps
    yield from (f"It may also be this: {one}" for one in meaning.candidates)
    if meaning.actor:
        yield f"Who can fix it: {meaning.actor}"


def usage_card(usage: Usage, reader: CardContext) -> Card:
    """What the language model cost today, against its cap."""
    return fitted(lambda room: _usage(usage, reader, room))


def _answer(answer: DocsAnswer, reader: CardContext, room: SizeLimit) -> CardDraft:
    points = answer.points[: 6 if room.extras else 3]
    body: list[x.Element] = [
        header(TELLING, md(answer.question, 200), _origin(answer)),
        finding(md(answer.finding, 600)),
        *bullets([md(one, 300) for one in points]),
    ]
    rest = len(answer.points) - len(points)
    body += [note(say("{} more", rest))] if rest else []
    if answer.sources:
        body.append(section("Sources"))
        body += [note(source_line(one)) for one in answer.sources[:MOST_SOURCES]]
    if reader.note:
        body.append(note(md(reader.note)))
    return CardDraft(
        kind="docs_answer",
        summary=f"Answer: {line(answer.finding, 240)}",
        body=body,
        actions=source_buttons(answer.sources),
    )


def _origin(answer: DocsAnswer) -> Md:
    return Md(
        "AI generated: check before you act" if answer.generated else "From the documentation"
    )


def _usage(usage: Usage, reader: CardContext, room: SizeLimit) -> CardDraft:
    del reader, room
    share = f"{usage.tokens / usage.cap:.0%} of the cap" if usage.cap else "no cap is set"
    near = bool(usage.cap) and usage.tokens >= 0.8 * (usage.cap or 1)
    values = [float(much) for _, much in usage.days]
    label = _by_day(usage.days)
    return CardDraft(
        kind="usage_card",
        summary=f"Usage: {count(usage.tokens, 'token')} today, {share}.",
        body=[
            header(
                DEGRADED if near else TELLING,
                "What the language model was used for",
                md(usage.model, 60),
            ),
            tiles(_tiles(usage)),
            *_split(usage.today),
            *([note(_here(usage))] if usage.here.turns else []),
            *(spark_line(f"Tokens by day: {label}", values, Colors.ACCENT) if values else []),
            *([note(say("Cost by day: {}", _costs(usage.costs)))] if usage.costs else []),
            *([note(say("Answers by day: {}", _by_day(usage.answered)))] if usage.answered else []),
            note("Cards cost no tokens; the words of the model do."),
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
        "This conversation: {} tokens in ({} cached), {} out; {}, {}{}.",
        f"{here.input:,}",
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
