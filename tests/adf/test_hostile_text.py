"""No text leaks a secret, breaks the diagnosis or keeps it busy; lookalikes stay readable."""

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import astuple, replace

import pytest
from _pytest.mark import ParameterSet
from hypothesis import given, settings
from hypothesis import strategies as st

from adf.diagnosis import diagnose
from adf.diagnosis.lines import answer
from adf.records import ActivityError
from adf.redaction import HIDDEN, redact, redact_json
from adf.runs.causes import find_cause
from cards.gallery import typical
from tests.adf.hostile import NEAR_MISSES, SECRETS, bombs, planted

FORMS = [(secret, text) for secret in SECRETS for text in planted(secret)]
AROUND = st.sampled_from(
    [
        "{}",
        "Operation on target Copy failed: {}",
        "Operation on target A failed: ErrorCode=SqlOperationFailed,'Type=X,Message={},Source=Y,'",
        "'Type=A,Message=One or more errors occurred.,Source=B,''Type=C,Message={},Source=D,'",
        "Failure happened on 'Sink' side. {} (see log)",
        '{{"StatusCode":"DF-X","Message":"{}","Details":""}}',
        "line one\r\n{}\r\nline three",
    ]
)


def parts_of(secret: str) -> list[str]:
    """The pieces of a secret that tell something."""
    return [part for part in re.split(r"\W+", secret) if len(part) >= 3] or [secret]


def shown(text: str) -> str:
    return "\n".join(str(value) for value in astuple(diagnose(text, "2200", "UserError")))


@pytest.mark.parametrize(("secret", "text"), FORMS)
def test_a_secret_in_any_form_is_hidden(secret: str, text: str) -> None:
    plain = redact(text)
    assert [part for part in parts_of(secret) if part in plain] == []
    assert HIDDEN in plain
    assert [part for part in parts_of(secret) if part in shown(text)] == []


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_what_only_looks_like_a_secret_stays_readable(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAAKC\n-----END RSA PRIVATE KEY-----",
        "key: -----BEGIN PRIVATE KEY-----\\nMIIEow\\nIBAAKC",
        "x%3DeyJhbGciOiJSUzI1NiJ9.eyJMIIEow.IBAAKC",
        "AccountKey=MIIEowAAAAAAAAAA\r\n  IBAAKCBBBBBBBBBB==",
        "Authorization: Basic MIIEow0=",
        "Bearer MIIEowIBAAKC",
    ],
)
def test_a_secret_known_by_its_form_is_hidden(text: str) -> None:
    assert "MIIEow" not in redact(text)
    assert "IBAAKC" not in redact(text)


def test_fields_that_hold_secrets_are_hidden_whatever_they_hold() -> None:
    wire = {"apiKey": 17, "tokenExpired": True, "password": {"value": "x"}, "key": "k", "pwd": None}
    assert redact_json(wire) == wire | {"apiKey": HIDDEN, "password": HIDDEN}


def leaks_nothing(secret: str, form: int, around: str, before: str, after: str) -> None:
    forms = list(planted(secret))
    text = f"{before} {around.format(forms[form % len(forms)])} {after}"
    for told in (redact(text), shown(text), answer(json.dumps({"message": text}).encode())):
        assert [part for part in parts_of(secret) if part in told] == []


PLANTED = given(
    secret=st.sampled_from(SECRETS),
    form=st.integers(0, 40),
    around=AROUND,
    before=st.text(max_size=60),
    after=st.text(max_size=60),
)


@settings(max_examples=200, deadline=None)
@PLANTED
def test_nothing_leaks_whatever_stands_around(
    secret: str, form: int, around: str, before: str, after: str
) -> None:
    leaks_nothing(secret, form, around, before, after)


@pytest.mark.prove
@settings(max_examples=20_000, deadline=None)
@PLANTED
def test_nothing_leaks_in_very_many_texts(
    secret: str, form: int, around: str, before: str, after: str
) -> None:
    leaks_nothing(secret, form, around, before, after)


ODD = st.one_of(
    st.text(max_size=400),
    st.binary(max_size=400).map(lambda odd: odd.decode("utf-8", "surrogateescape")),
    st.lists(
        st.sampled_from(
            [
                *(
                    "Operation on target X failed: ",
                    "ErrorCode=",
                    "''Type=",
                    "Message=",
                    ",Source=",
                ),
                *(
                    "'",
                    '"',
                    "\\",
                    "{",
                    "}",
                    "password=",
                    ";",
                    "\n",
                    "%3D",
                    "message: '",
                    "eyJ",
                    ".",
                ),
                *(
                    "Activity failed because an inner activity failed",
                    "://",
                    "@",
                    "Bearer ",
                    "sig=",
                ),
            ]
        ),
        max_size=60,
    ).map("".join),
)


@settings(max_examples=300, deadline=None)
@given(text=ODD, outer=st.one_of(st.none(), st.text(max_size=20)))
def test_no_text_breaks_the_diagnosis(text: str, outer: str | None) -> None:
    diagnose(text, outer, "UserError")
    once = redact(text)
    assert redact(once) == once


@pytest.mark.prove
@settings(max_examples=20_000, deadline=None)
@given(text=ODD, outer=st.one_of(st.none(), st.text(max_size=20)))
def test_none_of_very_many_texts_breaks_the_diagnosis(text: str, outer: str | None) -> None:
    diagnose(text, outer, "UserError")
    once = redact(text)
    assert redact(once) == once


def seconds(work: Callable[[], object]) -> float:
    """Processor time of the best of three."""
    taken: list[float] = []
    for _ in range(3):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


def growth(length: int) -> Iterator[ParameterSet]:
    """The same text twice, once four times as long."""
    for (name, short), (_, longer) in zip(bombs(length // 4), bombs(length), strict=True):
        yield pytest.param(short, longer, id=name[:20])


def assert_grows_with_its_length(short: str, longer: str) -> None:
    """Four times the text takes about four times the time; where it was squared, sixteen times."""
    for read in (diagnosed, cause_in):
        once = seconds(lambda read=read: read(short))
        assert seconds(lambda read=read: read(longer)) < 10 * max(once, 0.005)


def diagnosed(text: str) -> object:
    return diagnose(text, "2200")


def cause_in(text: str) -> object:
    """The cause of a run that says it, and whose activity says it too."""
    run = replace(typical.FAILURE.run, message=text)
    error = ActivityError(code="2200", message=text)
    rows = [replace(one, error=error) for one in typical.FAILURE.activity_runs]
    return find_cause(run, rows, {}, None), find_cause(run, (), {}, None)


@pytest.mark.parametrize(("short", "longer"), list(growth(20_000)))
def test_no_text_keeps_the_diagnosis_busy(short: str, longer: str) -> None:
    assert_grows_with_its_length(short, longer)


@pytest.mark.prove
@pytest.mark.parametrize(("short", "longer"), list(growth(400_000)))
def test_no_text_of_400_000_characters_keeps_the_diagnosis_busy(short: str, longer: str) -> None:
    assert_grows_with_its_length(short, longer)


@pytest.mark.parametrize("level", ["Operation on target X failed: ", "a" * 29 + " "])
def test_a_million_characters_are_answered(level: str) -> None:
    text = level * (1_000_000 // len(level)) + "JreNotFound"
    assert diagnose(text, None, None).code == "JreNotFound"
