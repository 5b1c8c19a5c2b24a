"""The tables that a SQL text reads and writes, by sqlglot within a bounded number of steps.

What rests on the words of a text is likely at best. A text that is too long is not read, one that
makes the parser go back and forth is given up, and both say that they are not complete. What the
parser cannot read, such as a bulk load, is searched for the words that stand before a table.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import count

from sqlglot import Dialect, Parser, Token, TokenType, exp
from sqlglot.errors import SqlglotError

from adf.lineage.sql_texts import TablesInText
from adf.lineage.sql_words import PLACEHOLDER, fixed_text, tables_by_words

LONGEST = 20_000
# A text that goes straight on takes the parser about four steps a token.
_STEPS_A_TOKEN = 12
_FEWEST_STEPS = 2_000
_MOST_STEPS = 60_000
_MOST_TEXTS = 4_000
_STEP = "_advance"
_BREAKS = (SqlglotError, RecursionError, ValueError, TypeError, LookupError, AttributeError)
_TARGETS = (exp.Insert, exp.Create, exp.Merge, exp.Update, exp.Copy, exp.Into)
_NOT_READ = (exp.Execute, exp.Drop, exp.Command)

# It logs the texts it cannot read, and those are other people's.
logging.getLogger("sqlglot").setLevel(logging.CRITICAL)


class TooManySteps(SqlglotError):
    """The parser went back and forth too often."""


@lru_cache(maxsize=_MOST_TEXTS)
def tables_in(text: str, dialect: str) -> TablesInText:
    """The tables of a text; of each text once, since pipelines share their statements."""
    if len(text) > LONGEST:
        return TablesInText(complete=False)
    try:
        tokens = Dialect.get_or_raise(dialect or None).tokenize(fixed_text(text))
    except _BREAKS:
        return TablesInText(complete=False)
    found = [_of_statement(one, dialect) for one in _statements(tokens)]
    reads = frozenset[str]().union(*(one.reads for one in found))
    writes = frozenset[str]().union(*(one.writes for one in found))
    return TablesInText(
        reads=frozenset(map(_plain, filter(_is_fixed, reads))),
        writes=frozenset(map(_plain, filter(_is_fixed, writes))),
        complete=all(one.complete for one in found) and all(map(_is_fixed, reads | writes)),
    )


def _is_fixed(name: str) -> bool:
    return PLACEHOLDER not in name


def _plain(name: str) -> str:
    return " ".join(name.split())


def _statements(tokens: list[Token]) -> Iterator[list[Token]]:
    """The tokens between semicolons; a block stays together, as its parts make no sense alone."""
    if any(one.token_type is TokenType.BEGIN for one in tokens):
        yield tokens
        return
    part: list[Token] = []
    for one in tokens:
        if one.token_type is not TokenType.SEMICOLON:
            part.append(one)
        elif part:
            yield part
            part = []
    if part:
        yield part


def _of_statement(tokens: list[Token], dialect: str) -> TablesInText:
    try:
        trees = _parsed(tokens, dialect)
    except TooManySteps:
        return TablesInText(complete=False)
    except _BREAKS:
        return tables_by_words(tokens)
    if any(tree is None or tree.find(exp.Command) for tree in trees):
        return tables_by_words(tokens)
    found = [_of_tree(tree) for tree in trees if tree]
    return TablesInText(
        reads=frozenset[str]().union(*(one.reads for one in found)),
        writes=frozenset[str]().union(*(one.writes for one in found)),
    )


def _parsed(tokens: list[Token], dialect: str) -> list[exp.Expr | None]:
    known = Dialect.get_or_raise(dialect or None)
    most = min(_MOST_STEPS, _FEWEST_STEPS + _STEPS_A_TOKEN * len(tokens))
    return bounded(known.parser_class, most)(dialect=known).parse(tokens, "")


def bounded(parser: type[Parser], most: int) -> type[Parser]:
    """The parser of a dialect that gives up after so many steps, whatever it is given."""
    advance: Callable[[Parser, int], None] = getattr(parser, _STEP)
    left = count(most, -1)

    def counted(self: Parser, times: int = 1) -> None:
        if next(left) <= 0:
            raise TooManySteps("the statement takes too many steps to read")
        advance(self, times)

    return type(parser.__name__, (parser,), {_STEP: counted})


def _of_tree(tree: exp.Expr) -> TablesInText:
    """The tables of one parsed statement."""
    tables = [one for one in tree.find_all(exp.Table) if not _is_inside(one, _NOT_READ)]
    own = {one.alias_or_name.lower() for one in tree.find_all(exp.CTE)}
    named = {one.alias.lower(): one for one in tables if one.alias and _name(one)}
    targets = list(_targets(tree))
    writes = {_real(one, named) for one in targets}
    skipped = {id(one) for one in targets} | {id(one) for one in writes}
    reads = (one for one in tables if id(one) not in skipped)
    aliases = set(named) if tree.find(exp.Delete, exp.Update) else set[str]()
    return TablesInText(
        reads=frozenset(n for one in reads if (n := _name(one)) and n not in own | aliases),
        writes=frozenset(n for one in writes if (n := _name(one)) and n not in own),
    )


def _targets(tree: exp.Expr) -> Iterator[exp.Table]:
    """The tables that a statement writes into, as they stand in it."""
    for one in tree.find_all(*_TARGETS, exp.Delete, exp.TruncateTable):
        yield from _targets_of(one)


def _targets_of(one: exp.Expr) -> Iterator[exp.Table]:
    if isinstance(one, exp.Create) and one.kind != "TABLE":
        return
    named: list[object] = [one.this]
    if isinstance(one, exp.TruncateTable):
        named = list(one.expressions)
    elif isinstance(one, exp.Delete):
        named = list(one.args.get("tables") or [one.this])
    for target in named:
        inner = target.this if isinstance(target, exp.Schema) else target
        if isinstance(inner, exp.Table):
            yield inner


def _real(target: exp.Table, named: Mapping[str, exp.Table]) -> exp.Table:
    """The table behind an alias that is written to: UPDATE t ... FROM dw.Product t."""
    return target if target.db else named.get(target.name.lower(), target)


def _is_inside(one: exp.Expr, kinds: tuple[type[exp.Expr], ...]) -> bool:
    return one.find_ancestor(*kinds) is not None


def _name(table: exp.Table) -> str:
    """The name in lower case; empty for a function, a stage, a variable or a temporary table."""
    if not isinstance(table.this, exp.Identifier):
        return ""
    is_temporary = table.this.args.get("temporary") or table.this.args.get("global_")
    if is_temporary or table.name.startswith(("#", "@")):
        return ""
    parts = [one for one in (table.catalog, table.db, table.name) if one]
    return ".".join(parts).lower().partition("@")[0]
