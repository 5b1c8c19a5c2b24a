"""The words of a model on their way to a person: whole sentences, links dead, no secrets."""

import re

from adf.redaction import redact
from bot.agent.loop.guarding import recites
from bot.agent.loop.steps import OnWords
from bot.agent.untrusted import plain

LONGEST = 4000
# A colon ends nothing: what follows “password:” is known for a secret only beside it.
_END = re.compile(r"[.!?]\s|\n")


class Speaking:
    """Gathers pieces and tells them sentence by sentence, because half a link cannot be killed."""

    def __init__(self, on_words: OnWords) -> None:
        """Tell `on_words` what is ready to be read."""
        self._on_words = on_words
        self._rest = ""
        self.has_told = False

    def take(self, piece: str) -> None:
        """One more piece; tells what ends with it."""
        self._rest += piece
        ends = [found.end() for found in _END.finditer(self._rest)]
        if ends:
            self._tell(self._rest[: ends[-1]])
            self._rest = self._rest[ends[-1] :]

    def finish(self) -> None:
        """Tell the rest, and begin the next piece of talk apart from it."""
        self._tell(self._rest)
        self._rest = ""

    def drop(self) -> None:
        """Forget a sentence that will not be ended."""
        self._rest = ""

    def _tell(self, words: str) -> None:
        if words.strip() and not recites(words):
            self.has_told = True
            self._on_words(readable_words(words))


def readable_words(words: str) -> str:
    """A model's words as they may be shown: redacted, plain, bounded."""
    return plain(redact(words), LONGEST)
