"""Tells a value that looks like a secret from a word, a number, a name or an address."""

import re

_PLAIN = re.compile(
    r"[\d.,:+\-/ TZ]*|true|false|null|none|n/?a|yes|no|\*+|[xX]{3,}|.{1,2}"
    r"|0x[0-9a-f]+"
    r"|\[redacted\]|@\{?[\w.(')\[\]\"]+\}?",
    re.IGNORECASE,
)
_CODE = re.compile(r"[A-Z]{2,12}[-_]?\d{2,10}[A-Z]?")
_FLAG = re.compile(r"yes|no|true|false|null|none|n/?a|\*+", re.IGNORECASE)
_PIECE = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_CANDIDATE = re.compile(r"(?<![\w%/])[A-Za-z0-9+/_~-]{20,}={0,2}")
# After the prefix of its maker; 32 digits would also be a GUID without dashes.
_PREFIXED_HEX = re.compile(
    r"[A-Za-z]{2,12}\d?(?:[_-][A-Za-z]{1,8}\d?){0,2}[_-](?:[0-9a-f]{40,}|[0-9A-F]{40,})"
)
_HEX = re.compile(r"[0-9a-f]+|[0-9A-F]+")
_SYMBOLS = re.compile(r"[!#$%^&*+~@]")
# What stands before a dot may be anything; a file or a host ends in a few letters, all small.
_PATH = re.compile(r"(?:[A-Za-z]:)?[\\/]|https?:|\.{1,2}/|[\w-]+(?:\.(?:[\w-]+))*\.[a-z_]+\d{0,2}$")
# Of what is said to be a password: "a7.topp9" is none of these.
_FILE = re.compile(r"(?:[A-Za-z]:)?[\\/]|https?:|\.{1,2}/|[\w-]+(?:\.(?:[\w-]+))*\.[a-z_]+$")
_NUMBER = re.compile(r"\d+")
_SAID = re.compile(r"(?i)(?:secret|sk|rk|pat|key|tok|token|api|auth)")
_JOINS = re.compile(r"[-_/+~=]")
# A path as far as nothing of it is secret.
_BEGUN = re.compile(r"/(?:(?:[a-z]{3,20}|v?\d{1,3})/){1,8}")
_WORD = re.compile(r"[A-Z]?[a-z]{3,}|[A-Z]{3,}")
# Measured on error messages: pieces of one kind are longer in names, and shorter by chance.
_SHORTEST_RANDOM = 20
_FEWEST_NUMBERS = 2
_MIXED_PIECE = 2.7
_VERY_MIXED_PIECE = 2.45
_SHORTEST_LOWER = 24
_MANY_NUMBERS = 5
_LOWER_PIECE = 4.0
_SHORTEST_PROSE = 6
_PREFIX_AND_BODY = 2
_SHORTEST_ODD = 16
_SHORTEST_PREFIXED = 16
_SHORTEST_WEAK = 6


def is_plain(value: str) -> bool:
    """Whether a value is a number, a date, a GUID, an expression or the like, and no secret."""
    return _PLAIN.fullmatch(value.strip()) is not None


def is_flag(value: str) -> bool:
    """Whether a value says that there is a secret, or that there is none, and not which."""
    return _FLAG.fullmatch(value.strip()) is not None


def looks_secret(value: str) -> bool:
    """Whether a value given under a vague name may well be a secret."""
    word = value.strip()
    if len(word) < _SHORTEST_WEAK or is_plain(word) or _CODE.fullmatch(word) or _PATH.match(word):
        return False
    letters = any(one.isalpha() for one in word)
    return letters and (any(one.isdigit() for one in word) or _SYMBOLS.search(word) is not None)


def is_no_word(value: str) -> bool:
    """Whether what stands after "password is" is no word of a sentence."""
    word = value.strip().rstrip(".,;:!?)")
    if len(word) < _SHORTEST_PROSE or _FILE.match(word) or _CODE.fullmatch(word):
        return False
    letters = any(one.isalpha() for one in word)
    return letters and (any(one.isdigit() for one in word) or _SYMBOLS.search(word) is not None)


def is_long_and_odd(value: str) -> bool:
    """Whether letters and digits are mixed in a word too long for a name, with no dash in it."""
    word = value.strip().rstrip(".,;:!?)")
    numbers = len(_NUMBER.findall(word))
    return len(word) >= _SHORTEST_ODD and numbers >= _FEWEST_NUMBERS and word.isalnum()


def hide_random(text: str, hidden: str) -> str:
    """Put `hidden` in the place of what only chance writes: long, letters and digits mixed."""
    return _CANDIDATE.sub(lambda hit: _without_random(hit.group(), hidden), text)


def _without_random(token: str, hidden: str) -> str:
    """Of what is written by chance the words with which a path begins stay."""
    if not is_random(token):
        return token
    begun = _BEGUN.match(token)
    return f"{begun.group() if begun else ''}{hidden}"


def is_random(token: str) -> bool:
    """Whether a token is too mixed for a name; of numbers in hex and of words nothing is said.

    Beside words, as after the prefix of its maker, one part must be long and mixed by itself.
    """
    if _PREFIXED_HEX.fullmatch(token):
        return True
    parts = [one for one in _JOINS.split(token) if one and not _HEX.fullmatch(one)]
    if any(_WORD.fullmatch(one) for one in parts):
        is_said = any(_SAID.fullmatch(one) for one in parts[:-1])
        return any(_is_mixed(one) or (is_said and _is_odd(one)) for one in parts) or (
            len(parts) == _PREFIX_AND_BODY and _is_very_mixed(parts[-1])
        )
    return _is_mixed("".join(parts))


def _is_odd(word: str) -> bool:
    """Whether a long part after the word for a secret has small and large letters and digits."""
    cases = word not in {word.lower(), word.upper()} and any(map(str.isdigit, word))
    return len(word) >= _SHORTEST_PREFIXED and cases


def _is_very_mixed(word: str) -> bool:
    pieces = _PIECE.findall(word)
    return _is_odd(word) and len(word) < _VERY_MIXED_PIECE * len(pieces)


def _is_mixed(word: str) -> bool:
    """Whether letters and digits, small and large, change more often than in a name."""
    if len(word) < _SHORTEST_RANDOM:
        return False
    pieces = _PIECE.findall(word)
    digits = sum(map(str.isdigit, pieces))
    average = len(word) / max(1, len(pieces))
    is_long = len(word) >= _SHORTEST_LOWER
    if word in {word.lower(), word.upper()}:
        return is_long and digits >= _MANY_NUMBERS and average < _LOWER_PIECE
    enough = digits >= _FEWEST_NUMBERS or (is_long and average < _VERY_MIXED_PIECE)
    return enough and average < _MIXED_PIECE
