"""Authors whom the classifier has not read, and who saw no other row, are understood as well.

Each row is `author<TAB>voice<TAB>intent<TAB>text` in the form of the corpus; none of it is trained
on. `-s` prints the figures of each author.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.agents.understanding.classifier import the_classifier
from bot.agents.understanding.intents import Intent, answered_by
from bot.agents.understanding.interpreter import KnownNames, interpret
from tests.training.corpus import masked, read_corpus

UTC = ZoneInfo("UTC")
NOW = datetime(2031, 8, 20, 6, 30, tzinfo=UTC)
FILE = Path(__file__).parents[3] / "data" / "understanding" / "unread_authors.tsv"
Row = tuple[Intent, str]


@cache
def rows_by_author() -> Mapping[str, Sequence[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for line in FILE.read_text(encoding="utf-8").splitlines():
        author, _, intent, text = line.split("\t")
        found[author].append((Intent(intent), text.removeprefix("> ")))
    return found


def test_none_of_them_is_an_author_of_the_corpus() -> None:
    assert not rows_by_author().keys() & {row.author for row in read_corpus()}


@pytest.mark.parametrize("author", sorted(rows_by_author()))
def test_an_author_who_was_not_read_is_understood(author: str) -> None:
    classifier, rows = the_classifier(), rows_by_author()[author]
    right = three = answered = wrong = 0
    for intent, words in rows:
        text = masked(words)
        read = classifier.predict(text, names_pipeline="xpipe" in text)
        told = answered_by(read.intent)
        right += read.intent is intent
        three += intent in [one for one, _ in read.readings[:3]]
        if read.of(*told) >= classifier.threshold:
            answered += 1
            wrong += intent not in told
    shares = [one / len(rows) for one in (right, three, answered, wrong)]
    print(author, len(rows), *(f"{one:.3f}" for one in shares))
    assert shares[0] >= 0.85
    assert shares[1] >= 0.94
    assert shares[2] >= 0.8
    assert shares[3] <= 0.06


# What those of their rows have that ask for what is held back; the others ask for what is sent.
HELD_BACK = ("silen", "mute", "snooze", "quiet")


@pytest.mark.parametrize("author", sorted(rows_by_author()))
def test_what_is_muted_is_told_from_what_is_sent(author: str) -> None:
    names = KnownNames(pipelines=("Tariff_Import",))
    wrong = [
        words
        for intent, text in rows_by_author()[author]
        if intent is Intent.LIST_SUBSCRIPTIONS
        and (words := text.replace("{pipeline}", "Tariff_Import"))
        and interpret(words, names, NOW, UTC).of_mutes != any(one in words for one in HELD_BACK)
    ]
    assert len(wrong) <= 1
