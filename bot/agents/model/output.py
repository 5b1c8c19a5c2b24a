"""The words of a model on their way to a person: whole sentences, links dead, no secrets."""

from collections.abc import Callable, Iterable, Sequence

from adf.records import BaseRecord, Comparison, PipelineList, RunList, RunReport, RunStats
from adf.redaction import redact_start
from bot.agents.model.prompt import recites
from bot.agents.model.sentences import whole_sentences
from bot.agents.model.spoken import may_be_no_speech, read_spoken
from bot.agents.model.types import OnWords
from bot.agents.untrusted import plain
from cards.records import DocsAnswer, PageSource, ProposalReport

LONGEST = 4000


class OutputText:
    """Gathers pieces and emits whole sentences, because half a link cannot be disabled.

    A colon ends none: what follows “password:” is known for a secret only beside it.
    """

    def __init__(self, on_words: OnWords, check: Callable[[str], str] = str) -> None:
        """`on_words` gets what is ready to be read; `check` returns what of it may be shown."""
        self._on_words = on_words
        self._check = check
        self._rest = ""
        self.has_emitted = False

    def take(self, piece: str) -> None:
        """One more piece; emits the sentences that end with it."""
        self._rest += piece
        if may_be_no_speech(self._rest):
            return
        end = whole_sentences(self._rest)
        if end:
            self._emit(self._rest[:end])
            self._rest = self._rest[end:]

    def finish(self) -> None:
        """Emit the rest; what comes next is a text of its own."""
        self._emit(self._rest)
        self._rest = ""

    def drop(self) -> None:
        """Forget a sentence that will not be ended."""
        self._rest = ""

    def _emit(self, words: str) -> None:
        if not words.strip() or recites(words):
            return
        fit = self._check(read_spoken(words).words)
        if fit.strip():
            self.has_emitted = True
            self._on_words(readable_words(fit))


def readable_words(words: str) -> str:
    """A model's words as they may be fit: redacted, plain, bounded."""
    return plain(redact_start(words, LONGEST), LONGEST)


MOST = 3


def records_to_show(records: Iterable[object]) -> tuple[object, ...]:
    """At most three, in the order they were looked up; of equal lookups the latest.

    Of too many, those that say most stay, and of these the last ones.
    """
    unique: dict[object, object] = {}
    for one in records:
        unique.pop(_lookup(one), None)
        unique[_lookup(one)] = one
    listed = list(unique.values())
    candidates = [one for one in listed if not _is_step(one, listed)]
    best = sorted(range(len(candidates)), key=lambda place: (_rank(candidates[place]), -place))[
        :MOST
    ]
    return tuple(candidates[place] for place in sorted(best))


def pages_of(records: Iterable[object]) -> tuple[PageSource, ...]:
    """The pages that a search of ours found."""
    found = (one.sources for one in records if isinstance(one, DocsAnswer))
    return tuple(page for pages in found for page in pages)


def _rank(record: object) -> int:
    """The lower, the more it says about the question."""
    if isinstance(record, ProposalReport):
        return -1
    if isinstance(record, RunReport | Comparison | RunStats):
        return 0
    return 1 if isinstance(record, RunList | PipelineList) else 2


def _lookup(record: object) -> object:
    """What it is about and, where that matters, over which time: a model may look at several."""
    since = record.time_range.start if isinstance(record, RunList | RunStats) else None
    return (record.identity if isinstance(record, BaseRecord) else repr(record), since)


def _is_step(record: object, listed: Sequence[object]) -> bool:
    """Whether it was only looked up to find what another record says."""
    if isinstance(record, PipelineList):
        return any(not isinstance(other, PipelineList) for other in listed)
    if not isinstance(record, RunList) or record.pipeline is None:
        return False
    reports = [one for one in listed if isinstance(one, RunReport)]
    return any(one.run.pipeline == record.pipeline for one in reports)
