"""What is known of errors is consistent, and each piece is shown by what fits and what does not."""

import itertools
import json
from collections.abc import Iterable

import pytest

from adf.diagnosis import diagnose
from adf.diagnosis.decide import decide
from adf.diagnosis.knowledge import KnownError, codes, kinds
from adf.diagnosis.knowledge.kinds import FOLDER
from adf.diagnosis.recognize import entries_in, own_entries
from adf.diagnosis.unwrap import peel

SAMPLES = json.loads((FOLDER / "samples.json").read_text(encoding="utf-8"))
KINDS = sorted(kinds())
CATEGORIES = frozenset(
    {
        *("api", "auth", "cancelled", "compute", "config", "copy_wrapper", "integration_runtime"),
        *("network", "orchestration", "quota", "schema_mapping", "service_transient", "sink_data"),
        *("source_data", "stored_procedure", "throttling", "timeout", "web_function"),
    }
)
SIDES = frozenset({"source", "sink", "identity", "network", "runtime", "service", "code"})
RERUNS = frozenset(
    {
        *("yes", "no", "depends", "only_if_transient", "after_upstream", "after_ir_online"),
        *("after_change", "after_overlap_ends"),
    }
)
OWN = sorted({one for one in codes().own.values() if not one.many}, key=lambda one: one.code)
NUMBERED = [
    (name, code, one)
    for name, family in codes().families.items()
    for code, one in family.entries.items()
    if not one.vague
]
FORMS = {
    "sql": "Message=It failed.,Source=X,SqlErrorNumber={},Class=16",
    "ora": "ORA-{}: it failed",
    "sqlstate": "ERROR [{}] it failed",
    "mysql": "[MySQL] error {}: it failed",
    "db2": "It failed. SQLCODE={}",
    "teradata": "[Teradata Database] [{}] it failed",
    "snowflake": "snowflake: {:0>6} it failed",
    "hana": "SAP DBTech JDBC: [{}] it failed",
    "informix": "[Informix][driver] it failed ({})",
    "vertica": "Vertica: ERROR {}: it failed",
    "aadsts": "AADSTS{}: it failed",
    "hresult": "It failed: 0x{}",
    "cosmos": "Substatus: {}; it failed",
}
REFUSED = ("auth", "network")


def kind_of(text: str, outer_code: str = "") -> str | None:
    found = decide(peel(text), outer_code, "")
    return found.kind.name if found else None


def is_words(text: str) -> bool:
    """Whether a text is known by its words, with no code in it."""
    return next(entries_in(text), None) is None and next(own_entries((), text), None) is None


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_consistent(name: str) -> None:
    kind = kinds()[name]
    assert set(kind.categories.values()) <= CATEGORIES
    assert kind.side in SIDES
    assert kind.rerun in RERUNS
    assert kind.actor
    assert kind.check
    assert len(kind.steps) >= 2
    assert all(len(step) <= 200 for step in kind.steps)


@pytest.mark.parametrize("name", KINDS)
def test_a_rerun_is_not_advised_against_the_steps(name: str) -> None:
    kind = kinds()[name]
    first = kind.steps[0].lower()
    if kind.rerun in {"after_change", "after_upstream"}:
        assert not first.startswith("rerun")
    if kind.rerun == "yes":
        assert first.startswith("rerun")


def test_every_kind_has_samples_and_near_misses() -> None:
    assert set(SAMPLES) == set(kinds())
    assert all(one["positive"] and one["near"] for one in SAMPLES.values())


def test_every_sample_is_taken_for_its_kind() -> None:
    pairs = [(name, text) for name in KINDS for text in SAMPLES[name]["positive"]]
    assert [(name, text, found) for name, text in pairs if (found := kind_of(text)) != name] == []


def test_no_near_miss_is_taken_for_the_kind() -> None:
    pairs = [(name, text) for name in KINDS for text in SAMPLES[name]["near"]]
    assert [(name, text) for name, text in pairs if kind_of(text) == name] == []


def test_at_least_450_codes_of_data_factory_are_known() -> None:
    assert len(codes().own) >= 450


def test_every_code_of_data_factory_is_known_alone_and_in_its_form() -> None:
    assert [entry.code for entry in OWN if not _is_known_alone_and_in_its_form(entry)] == []


def _is_known_alone_and_in_its_form(entry: KnownError) -> bool:
    wrapped = f"ErrorCode={entry.code},'Type=X,Message=It went wrong.,Source=Y,'"
    texts = (entry.code, wrapped) if entry.code[0].isalpha() else ()
    found = [(kind_of(text), diagnose(text).confidence) for text in texts]
    is_known = all(one == (entry.kind, "known") for one in found)
    return is_known and kind_of("It went wrong.", entry.code) == entry.kind


def test_no_longer_name_is_taken_for_a_code() -> None:
    longer = [(entry, decide(peel(f"Zz{entry.code}zz went wrong"), "", "")) for entry in OWN]
    assert [
        entry.code
        for entry, found in longer
        if found is not None and not entry.words and found.code == entry.code
    ] == []


@pytest.mark.parametrize("name", sorted(FORMS))
def test_the_codes_of_a_system_are_known_in_its_form(name: str) -> None:
    missed = [
        (code, kind_of(FORMS[name].format(code)))
        for family, code, one in NUMBERED
        if family == name and kind_of(FORMS[name].format(code)) != one.kind
    ]
    assert missed == []


@pytest.mark.parametrize("name", sorted(FORMS))
def test_a_number_without_its_system_is_not_taken_for_its_code(name: str) -> None:
    wrong = [
        code
        for family, code, one in NUMBERED
        if family == name
        and (found := decide(peel(f"It failed after {code} rows"), "", "")) is not None
        and found.code == one.code
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ORA-01017", "login_refused"),
        ("SqlErrorNumber 18456", "login_refused"),
        ("18456", "login_refused"),
        ("sql error 1205", "deadlock"),
        ("AADSTS7000215", "secret_expired"),
        ("SQLSTATE 42501", "permission"),
        ("SQLCODE -911", "deadlock"),
        ("mysql 1062", "duplicate"),
        ("HTTP 429", "throttled"),
        ("2103", "setting"),
        ("DF-Executor-BroadcastTimeout", "broadcast_timeout"),
        ("teradata 3807", "object_missing"),
    ],
)
def test_a_code_alone_is_understood(text: str, kind: str) -> None:
    assert kind_of(text) == kind


def refused_codes() -> list[KnownError]:
    refused = (entry for entry in OWN if kinds()[entry.kind].category(None) in REFUSED)
    return [entry for entry in refused if entry.code[0].isalpha()]


def words_of_samples() -> list[str]:
    return [text for one in SAMPLES.values() for text in one["positive"] if is_words(text)]


def overridden(pairs: Iterable[tuple[KnownError, str]]) -> list[tuple[str, str, str | None]]:
    return [
        (entry.code, text, found.category)
        for entry, text in pairs
        if (found := diagnose(f"ErrorCode={entry.code},'Type=X,Message={text},Source=Y,'")).category
        not in REFUSED
    ]


def test_none_of_the_words_overrides_a_refused_login_connection_or_permission() -> None:
    assert overridden(zip(itertools.cycle(refused_codes()), words_of_samples(), strict=False)) == []


@pytest.mark.prove
def test_no_words_override_a_refused_login_connection_or_permission() -> None:
    assert overridden(itertools.product(refused_codes(), words_of_samples())) == []


def test_what_keeps_a_session_from_opening_is_never_told_as_a_slow_statement() -> None:
    for text in (one for sample in SAMPLES.values() for one in sample["positive"]):
        if not is_words(text):
            continue
        message = (
            "ErrorCode=SqlFailedToConnect,'Type=X,Message=Cannot connect to SQL Database.,Source=Y,"
            f"''Type=System.Exception,Message={text},Source=Z,'"
        )
        found = decide(peel(message), "2200", "")
        assert found is not None
        assert found.kind.connecting, (text, found.kind.name)


def test_a_procedures_own_message_is_a_rule_of_that_database_and_quoted() -> None:
    text = (
        "Execution fail against sql server. Sql error number: 50000. Error Message: Period 2 is "
        "closed for posting."
    )
    found = diagnose(text, "2402")
    assert (found.category, found.rerun) == ("stored_procedure", "after_upstream")
    assert "Period 2 is closed" in found.root


@pytest.mark.parametrize(
    ("inner", "category"),
    [
        ("The remote server returned an error: (403) Forbidden.", "auth"),
        ("Bad Request - Invalid URL. The request URL is invalid.", "config"),
        ("There is currently a lease on the blob and no lease ID was specified.", "sink_data"),
        ("Could not establish trust relationship for the SSL/TLS secure channel.", "network"),
        ("Conversion failed when converting date and/or time from character string.", "sink_data"),
    ],
)
def test_one_code_with_many_inner_errors_is_told_by_the_inner_one(
    inner: str, category: str
) -> None:
    text = (
        "Failure happened on 'Sink' side. ErrorCode=UserErrorFailedFileOperation,'Type=X,Message="
        f"Upload file failed.,Source=Y,''Type=System.Exception,Message={inner},Source=Z,'"
    )
    assert diagnose(text, "2200").category == category


def test_a_bare_status_gives_way_to_its_neighbor_that_names_what_is_missing() -> None:
    text = (
        "ErrorCode=AzureFileOperationFailed,'Type=X,Message=Azure File operation Failed.,Source=Y,"
        "''Type=X,Message=The specified container does not exist.,Source=Z,''Type=X,Message=The "
        "remote server returned an error: (404) Not Found.,Source=System,'"
    )
    assert diagnose(text).root == "The specified container does not exist."


def test_several_causes_are_told_with_what_tells_them_apart() -> None:
    found = diagnose("ErrorCode=SqlFailedToConnect,'Type=X,Message=Cannot connect.,Source=Y,'")
    assert found.confidence == "likely"
    assert found.candidates
    assert found.next_steps[0].startswith("To tell the causes apart: ")
