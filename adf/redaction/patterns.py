"""Knows secrets that need no name by their form: tokens, keys, sign-ins in addresses."""

import re

_LONG = re.compile(r"[\w~.+/=%-]{20,}")
_DOTTED = re.compile(r"(?<![\w-])[\w-]{11,}+\.[\w.-]*+")
_FORMS = re.compile(
    r"(?<![\w+/=])[A-Za-z0-9+/]{86}(?:==|%3[dD]%3[dD])|(?<![\w+/=])[A-Za-z0-9+/]{43}(?:=|%3[dD])(?![\w=])"
    r"|[\w~.-]{3}\dQ~[\w~.-]{31,34}|dapi[0-9a-f]{32}(?:-\d)?|(?:AKIA|ASIA)[A-Z0-9]{16}"
    r"|gh[pousr]_\w{36,}|github_pat_\w{22,}|xox[abprs]-[\w-]{10,}|sk-[\w-]{20,}"
)
_PEM = re.compile(
    r"-----BEGIN[A-Z0-9 +%]{1,60}-----(?:(?!-----END)[\s\S])*(?:-----END[A-Z0-9 +%]{1,60}-----)?"
)
# Words between < and > without a = are no element: "<token-identified principal>".
_ELEMENT = re.compile(
    r"(?i)(<[\w:.-]{0,40}(?:password|passwd|pwd|passphrase|secret|token|signature"
    r"|(?:account|access|api|shared)key)\b"
    r"(?![^<>=]{0,200}\s[^<>=\s/][^<>=]{0,200}>)[^<>]{0,200}>)(?!\[redacted\])[^<]{1,4096}"
)
_SCHEME = re.compile(r"(?i)\b(bearer|basic)((?:\s|%20|\+){1,4})([\w.~+/=%-]{6,})")
_ADDRESS = re.compile(r"[^\s\"'<>]+")
_SIGN_IN = re.compile(
    r"(?P<before>[\s\S]*?(?::|%3a)(?://|%2f%2f))[^/?#@:]*(?::|%3a)[\s\S]+(?P<at>@|%40)",
    re.IGNORECASE,
)


def hide_forms(text: str, hidden: str) -> str:
    """Put `hidden` in the place of everything that looks like a secret by itself."""
    if "-----BEGIN" in text:
        text = _PEM.sub(hidden, text)
    if "<" in text:
        text = _ELEMENT.sub(rf"\g<1>{hidden}", text)
    if "@" in text or "%40" in text:
        text = _ADDRESS.sub(lambda match: _without_sign_in(match.group(), hidden), text)
    text = _SCHEME.sub(lambda match: _without_token(match, hidden), text)
    return _LONG.sub(lambda match: _without_tokens(match.group(), hidden), text)


def _without_tokens(text: str, hidden: str) -> str:
    if "eyJ" in text:
        text = _DOTTED.sub(lambda match: _without_jwt(match.group(), hidden), text)
    return _FORMS.sub(hidden, text)


def _without_jwt(dotted: str, hidden: str) -> str:
    """A JSON Web Token begins with the header {" in base64 and goes on to the end of the word."""
    begin = dotted.partition(".")[0].find("eyJ")
    return f"{dotted[:begin]}{hidden}" if begin >= 0 else dotted


def _without_sign_in(address: str, hidden: str) -> str:
    found = _SIGN_IN.match(address) if "@" in address or "%40" in address else None
    return f"{found['before']}{hidden}{address[found.start('at') :]}" if found else address


def _without_token(match: re.Match[str], hidden: str) -> str:
    """Hide what follows "Bearer"; "basic authentication" and the like are words, no tokens."""
    token = match.group(3)
    mixed = token[1:] != token[1:].lower() and token != token.upper()
    is_token = mixed or len(token) > 20 or any(one.isdigit() for one in token)
    return f"{match.group(1)}{match.group(2)}{hidden}" if is_token else match.group()
