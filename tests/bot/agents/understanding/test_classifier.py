"""The classifier: its weights fit its corpus, and its corpus holds nothing that judges it."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from rapidfuzz import fuzz, process

from bot.agents.understanding import classifier
from bot.agents.understanding.classifier import the_classifier
from bot.agents.understanding.intents import Intent, answered_by
from tests.training.corpus import digest_of, masked, read_corpus

LANGUAGES = Path(__file__).parents[3] / "data" / "understanding" / "languages.tsv"
EVALS = Path(__file__).parents[3] / "data" / "evals"
WORLD = Path(__file__).parents[3] / "data" / "world.json"
ROWS = read_corpus()
ALIKE = 88
_SPACES = re.compile(r"\s+")


def judged() -> Iterator[str]:
    """Every text that judges the product, its pipelines masked as in the corpus."""
    names = sorted(json.loads(WORLD.read_text("utf-8"))["pipelines"], key=len, reverse=True)
    for file in ("utterances", "validation"):
        for line in (EVALS / f"{file}.jsonl").read_text("utf-8").splitlines():
            text = plain(json.loads(line)["text"])
            for name in names:
                text = text.replace(name.lower(), "{pipeline}")
            if text:
                yield text


def plain(text: str) -> str:
    """In lower case with single blanks."""
    return _SPACES.sub(" ", text.lower()).strip()


def test_the_weights_are_those_of_the_corpus() -> None:
    assert the_classifier().corpus == digest_of(), "run `make train`"


def test_the_rows_belong_to_the_weights() -> None:
    rows, stored = np.load(classifier.ROWS), np.load(classifier.FILE)
    assert hashlib.sha256(rows.tobytes()).hexdigest() == str(stored["rows"]), "run `make train`"


def test_every_intent_has_rows() -> None:
    assert {row.intent for row in ROWS} == {str(one) for one in Intent}


def test_the_corpus_is_large_and_no_author_outweighs_the_others() -> None:
    authors = Counter(row.author for row in ROWS)
    assert len(ROWS) >= 8000
    assert len(authors) >= 9
    assert all(often <= 0.2 * len(ROWS) for one, often in authors.items() if one != "first")


def test_nothing_that_judges_the_product_is_in_the_corpus() -> None:
    rows = [plain(row.text) for row in ROWS]
    near = [
        (text, found[0])
        for text in judged()
        if (found := process.extractOne(text, rows, scorer=fuzz.ratio, score_cutoff=ALIKE))
    ]
    assert near == []


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("why did xpipe die", Intent.WHY),
        ("what is running", Intent.RUNNING_NOW),
        ("rerun xpipe", Intent.RERUN),
        ("is the shir up", Intent.RUNTIME_STATUS),
        ("thanks", Intent.SMALLTALK),
    ],
)
def test_plain_questions_are_read_with_high_probability(text: str, intent: Intent) -> None:
    read = the_classifier().predict(text, names_pipeline="xpipe" in text)
    assert read.intent is intent
    assert read.of(intent) > the_classifier().threshold


def test_questions_of_other_authors_in_seven_languages_are_read() -> None:
    rows = [line.split("\t") for line in LANGUAGES.read_text("utf-8").splitlines()]
    right, wrong = 0, 0
    for _, intent, text in rows:
        said = masked(text)
        read = the_classifier().predict(said, names_pipeline="xpipe" in said)
        told = answered_by(read.intent)
        right += read.intent == intent
        wrong += read.of(*told) >= the_classifier().threshold and Intent(intent) not in told
    assert right / len(rows) >= 0.9
    assert wrong / len(rows) <= 0.03


def test_probabilities_add_up_to_one() -> None:
    read = the_classifier().predict("and the other one?")
    assert sum(p for _, p in read.readings) == pytest.approx(1)
    assert read.named + read.follows + read.whole == pytest.approx(1)
