"""Tables in SQL: a hundred labeled statements, what is put in at run time, and hostile texts."""

import json
from pathlib import Path

import pytest
from sqlglot import Dialect

from adf.lineage.sql import LONGEST, TooManySteps, bounded, tables_in

LABELED = Path(__file__).parents[2] / "data" / "sql_tables.jsonl"
ROWS = [json.loads(line) for line in LABELED.read_text(encoding="utf-8").splitlines()]
NOTHING = frozenset[str]()


def test_a_hundred_statements_of_six_dialects_give_their_tables() -> None:
    right = wrong = missed = 0
    for row in ROWS:
        found = tables_in(row["sql"], row["dialect"])
        given = {("read", one) for one in found.reads} | {("write", one) for one in found.writes}
        labeled = {("read", one) for one in row["reads"]}
        labeled |= {("write", one) for one in row["writes"]}
        right += len(given & labeled)
        wrong += len(given - labeled)
        missed += len(labeled - given)
    precision, recall = right / (right + wrong), right / (right + missed)
    print(f"{len(ROWS)} statements: precision {precision:.3f}, recall {recall:.3f}")
    assert (len(ROWS), len({row["dialect"] for row in ROWS})) == (100, 6)
    assert precision >= 0.95
    assert recall >= 0.85


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        (
            "SELECT * FROM dbo.Orders WHERE d > '@{activity('L').output.firstRow.wm}'",
            frozenset({"dbo.orders"}),
        ),
        ("SELECT * FROM @{item().schema}.@{item().table}", NOTHING),
        ("SELECT * FROM dbo.@{item().table} JOIN dbo.Fixed f ON f.a = 1", frozenset({"dbo.fixed"})),
        ("SELECT * FROM a.b @{variables('where {curly}')}", frozenset({"a.b"})),
        ("SELECT * FROM a.b WHERE x = '@{never closed", NOTHING),
    ],
)
def test_values_that_are_put_in_at_run_time_name_no_table(text: str, reads: frozenset[str]) -> None:
    assert tables_in(text, "tsql").reads == reads


def test_a_procedure_has_no_tables_that_are_known() -> None:
    assert tables_in("EXEC etl.Load @a = 1", "tsql").reads == frozenset()
    assert tables_in("CALL etl.load(1)", "postgres").reads == frozenset()


def test_a_text_that_is_too_long_is_not_read_and_says_so() -> None:
    text = "SELECT * FROM a.b WHERE " + "x = 1 AND " * 100_000 + "y = 1"
    found = tables_in(text, "tsql")
    assert (len(text) > 1_000_000, found.reads, found.complete) == (True, frozenset(), False)


HOSTILE = [
    *("(" * 9_000, "SELECT " + "(" * 19_000, "SELECT " + "CASE WHEN a THEN " * 1_100),
    *("[" * 19_000, "'" * 19_999, "@{" * 9_900, "@{'" * 6_600, "/*" * 9_900, ";" * 19_999),
    *(
        "SELECT " + "NOT " * 4_900 + "a",
        "WITH a AS (" * 1_700,
        "BEGIN " * 3_300,
        "IF x = 1 " * 2_000,
    ),
    *(
        "SELECT " + "f(a -> " * 2_800,
        "SELECT " + "CAST(a AS ARRAY<" * 1_200,
        "a in (SELECT " * 1_500,
    ),
    "SELECT * FROM " + "(SELECT * FROM " * 1_200 + "a" + ")" * 1_200,
    "SELECT * FROM " + "(" * 30 + "a" + ")" * 30,
]


DIALECTS = ("tsql", "oracle", "postgres", "snowflake", "databricks", "mysql", "")


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_a_hostile_text_breaks_nothing(number: int) -> None:
    assert len(HOSTILE[number]) <= LONGEST
    for dialect in ("tsql", DIALECTS[number % len(DIALECTS)]):
        assert tables_in(HOSTILE[number], dialect).writes == frozenset()


@pytest.mark.prove
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_breaks_nothing_in_any_dialect(text: str) -> None:
    for dialect in DIALECTS:
        assert tables_in(text, dialect).writes == frozenset()


def test_the_parser_gives_up_after_so_many_steps() -> None:
    dialect = Dialect.get_or_raise("tsql")
    tokens = dialect.tokenize("SELECT a FROM b WHERE " + "c = 1 AND " * 100 + "d = 1")
    with pytest.raises(TooManySteps):
        bounded(dialect.parser_class, 100)(dialect=dialect).parse(tokens, "")
    assert bounded(dialect.parser_class, 5_000)(dialect=dialect).parse(tokens, "")


def test_what_the_parser_does_not_know_is_found_by_its_words() -> None:
    text = "LOAD DATA LOCAL INFILE '/tmp/f.csv' INTO TABLE stage.imports FIELDS TERMINATED BY ','"
    found = tables_in(text, "mysql")
    assert (found.writes, found.complete) == ({"stage.imports"}, False)
