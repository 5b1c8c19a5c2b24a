"""SQL as Data Factory sends it: values that are put in at run time, and tables found by words.

The words are a second choice, for statements that the parser does not know.
"""

from collections.abc import Iterator, Sequence

from sqlglot import Token, TokenType

from adf.lineage.sql_texts import TablesInText

PLACEHOLDER = "adf__value"
_READ_AFTER = frozenset({"from", "join"})
_WRITTEN_AFTER = frozenset({"into", "update", "truncate"})
_BETWEEN = frozenset({"table", "overwrite", "ignore", "only", "into"})
_NO_STATEMENT = frozenset({"exec", "execute", "call", "set", "declare", "use", "grant"})
_STRINGS = (TokenType.STRING, TokenType.NUMBER)


def fixed_text(text: str) -> str:
    """The text with each value that is put in at run time, @{...}, replaced by one word."""
    pieces: list[str] = []
    done = 0
    while (start := text.find("@{", done)) >= 0:
        end = _closing(text, start + 2)
        pieces += [text[done:start], PLACEHOLDER]
        done = end
    return "".join([*pieces, text[done:]])


def _closing(text: str, start: int) -> int:
    """Behind the brace that closes an expression; texts inside it may hold braces."""
    depth, quoted = 1, False
    for place in range(start, len(text)):
        char = text[place]
        if char == "'":
            quoted = not quoted
        elif not quoted and char in "{}":
            depth += 1 if char == "{" else -1
            if not depth:
                return place + 1
    return len(text)


def tables_by_words(tokens: Sequence[Token]) -> TablesInText:
    """The names behind FROM, JOIN, INTO and the like; a call of a procedure has none."""
    words = [one.text.lower() for one in tokens]
    if not words or words[0] in _NO_STATEMENT:
        return TablesInText()
    reads, writes = set[str](), set[str]()
    for place, word in enumerate(words):
        if tokens[place].token_type in _STRINGS:
            continue
        if word in _READ_AFTER or word in _WRITTEN_AFTER:
            name = _name_at(tokens, words, place + 1)
            if name:
                (reads if word in _READ_AFTER else writes).add(name)
    return TablesInText(reads=frozenset(reads - writes), writes=frozenset(writes), complete=False)


def _name_at(tokens: Sequence[Token], words: Sequence[str], place: int) -> str:
    while place < len(words) and words[place] in _BETWEEN:
        place += 1
    parts = list(_parts(tokens, words, place))
    after = place + 2 * len(parts) - 1
    is_call = after < len(words) and words[after] == "("
    return "" if is_call and parts else ".".join(parts)


def _parts(tokens: Sequence[Token], words: Sequence[str], place: int) -> Iterator[str]:
    """The parts of a name, parted by dots; nothing for what is no name."""
    while place < len(words):
        kind = tokens[place].token_type
        if kind not in (TokenType.VAR, TokenType.IDENTIFIER) or words[place][:1] in "#@":
            return
        yield words[place]
        if place + 1 >= len(words) or tokens[place + 1].token_type is not TokenType.DOT:
            return
        place += 2
