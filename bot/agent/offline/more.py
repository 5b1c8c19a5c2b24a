"""More about an error: what it means, its own first words, what to do, and the page about it."""

from adf.records import Meaning, RunReport
from cards.records import DocsAnswer, Source

MOST_WORDS = 260


def more_about(report: RunReport, question: str) -> DocsAnswer | None:
    """An answer from the catalogue of errors; None when it does not know this one."""
    cause, meaning = report.cause, report.meaning
    if cause is None or meaning is None:
        return None
    place = f"{cause.path[-1].activity} of {cause.path[-1].pipeline}" if cause.path else ""
    place = place or report.run.pipeline
    code = f" (error {cause.error.code})" if cause.error.code else ""
    return DocsAnswer(
        question=question,
        finding=f"{place}{code}: {meaning.cause}",
        points=(f"Its own words: {_first(cause.error.message)}", *meaning.next_steps),
        sources=_sources(meaning),
        factory=report.run.factory,
    )


def _sources(meaning: Meaning) -> tuple[Source, ...]:
    if not meaning.page:
        return ()
    about = meaning.code or "this error"
    return (Source(title=f"Microsoft Learn about {about}", url=meaning.page),)


def _first(message: str) -> str:
    plain = " ".join(message.split())
    return plain if len(plain) <= MOST_WORDS else f"{plain[:MOST_WORDS]}…"
