"""Tells a secret from what only points at one: a variable, an expression, a look-up, an endpoint.

Whoever is on call needs them: they say which variable, vault or address was wrong.
"""

import re
from collections.abc import Mapping
from typing import cast

from adf.redaction.likeness import is_no_word

_NAME = r"(?:[A-Z_][A-Z0-9_]{1,60}|[A-Za-z_][A-Za-z_. -]{1,60})"
_VARIABLE = (
    rf"\$\{{\{{?\s?{_NAME}\s?\}}?\}}|\{{\{{ {_NAME} \}}\}}|\$\({_NAME}\)|#\{{{_NAME}\}}#?"
    r"|%[A-Z][A-Z0-9_]{2,60}%|\$[A-Z][A-Z0-9]{0,30}_[A-Z0-9_]{1,60}\b|\$(?i:env):\w{2,60}"
)
_EXPRESSION = (
    r"@\{?(?:pipeline|linkedService|dataset|trigger|item|activity|variables|parameters)"
    r"\((?:'[\w .-]{1,80}')?\)(?:\??\.[A-Za-z_]\w{0,60}|\[\d\]){0,6}\}?"
)
_WORD = r"(?:\"[A-Za-z_][\w ./:-]{0,80}\"|'[A-Za-z_][\w ./:-]{0,80}')"
_NAMED = rf"(?!default|fallback)\w{{1,30}}\s?=\s?{_WORD}"
_IDENTIFIER = r"[A-Za-z_][A-Za-z_.]{0,60}"
_STORE = r"(?i:\w{0,30}(?:secret|vault|keyring|credential)\w{0,30})"
_NOTHING = r"(?:, ?(?:None|null|\"\"|''))?"
_GETS = r"(?i:\w{0,30}(?:get|read|load|fetch|environ|env|param|lookup)\w{0,30})"
_LOOK_UP = (
    rf"(?:[A-Za-z_]\w{{0,40}}(?:\(\))?\.){{0,4}}"
    rf"(?:{_STORE}(?:\.\w{{2,30}})?\((?:(?:{_WORD}|{_NAMED}|{_IDENTIFIER}),? {{0,2}}){{0,4}}\)"
    rf"|{_GETS}(?:\((?:{_WORD}|{_NAMED}|{_IDENTIFIER})?{_NOTHING}\)|\[{_WORD}\]))"
)
# A command whose answer is the secret; a call of Key Vault; an object that names the vault.
_FETCHED = (
    r"\(?(?:Get|Read|ConvertTo|ConvertFrom|Import)-[A-Z][A-Za-z]{2,40}(?=[\s)])"
    r"|\(\s{0,4}[A-Za-z_]{2,40}\s?=\s?[\"']"
    r"|@Microsoft\.KeyVault\("
    r"|\{\s{0,8}\\{0,8}\"type\\{0,8}\"\s{0,4}:\s{0,4}\\{0,8}\"AzureKeyVaultSecret\b"
)
_REFERENCE = re.compile(
    rf"[\"']?(?:(?P<whole>{_VARIABLE}|{_EXPRESSION}|{_LOOK_UP})(?=[\s\"',;.)\]}}]|$)|{_FETCHED})"
)
_ADDRESS = re.compile(
    r"h(?:tt|xx)ps?://[\w.\[\]-]{1,160}(?::\d{1,5})?(?P<path>(?:/[\w.%-]{0,80}){0,12})"
)
_PART = re.compile(
    r"v?\d{1,4}(?:\.\d{1,4})?|[A-Za-z]{2,30}\d|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
)
# Words and short numbers, joined as names of variables and of secrets are.
_PLAIN_NAME = re.compile(
    r"[A-Z][A-Z0-9_]*|(?:[A-Za-z]+|\d{1,4})(?:[-_./: ]+(?:[A-Za-z]+|\d{1,4}))*"
)
_VAULT = "AzureKeyVaultSecret"


def is_reference(text: str, start: int = 0) -> bool:
    """Whether what begins there gets a secret from elsewhere, and a default for it is none."""
    found = _REFERENCE.match(text, start)
    if found is None:
        return False
    words = (word[1:-1] for word in re.findall(_WORD, found["whole"] or ""))
    return not any(is_no_word(word) and not _PLAIN_NAME.fullmatch(word) for word in words)


def names_a_vault(value: object) -> bool:
    """Whether an object says in which vault a secret is."""
    return isinstance(value, dict) and cast("Mapping[str, object]", value).get("type") == _VAULT


def is_endpoint(value: str) -> bool:
    """Whether an address has neither a query nor a part that could be a secret."""
    found = _ADDRESS.fullmatch(value)
    if found is None:
        return False
    return not any(
        is_no_word(part) and not _PART.fullmatch(part) for part in found["path"].split("/")
    )
