"""Takes secrets, live links and mentions out of foreign text, once, where records are decoded.

The card, the model, the log, the audit and MCP are all behind this one place. What a secret looks
like follows the connection-string keywords of Azure SQL, Storage, Service Bus and Event Hubs, the
SAS query parameters, and the fixed shapes of well-known tokens.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

HIDDEN = "[redacted]"

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_STRONG = (
    r"[\w.-]*(?:password|passwd|passphrase)s?|pwd|authorization|cookie|x-functions-key|x-api-key"
    r"|(?:account|shared[ _-]?access|access|api|master|primary|secondary|encryption|storage"
    r"|function|subscription|host|signing|private|ocp-apim-subscription)[ _-]?key"
    r"|shared[ _-]?access[ _-]?(?:signature|token)|client[ _-]?secret"
    r"|(?:access|refresh|id|auth|bearer|sas)[ _-]?token"
)
_SECRET_NAME = rf"(?:{_STRONG}|[\w.-]*(?:secret|credential)s?|\w*[_-]?token|sig|signature)"
_QUOTE = r"\\*[\"'\u2018\u2019\u201c\u201d]"
_CONNECTION_STRING = re.compile(
    r"(?i)(connection[ _-]?string\w*\\*[\"']?\s*[=:]\s*)"
    r"(?:\\*\"[^\"\r\n]+\"?|\\*'[^'\r\n]+'?|(?:[\w .]+=[^;\r\n]*;)+(?:\s?[\w ]{2,40}=[^;\s]+)?|\S+)"
)
_NAMED = re.compile(
    rf"(?i)(?<!\w)((?:{_SECRET_NAME}(?:(?:{_QUOTE})\s*[=:]|\s*=)|(?:{_STRONG})\s*:)\s*)"
    rf"(?:(?P<open>{_QUOTE})(?:(?!{_QUOTE}).){{1,4096}}|(?:bearer|basic)\s+[^\s;,\"'&]+"
    r"|[^;\r\n\"'&]{1,200}(?=;)|[^\s;,\"'&}\]]+)"
)
_SHAPES = re.compile(
    r"eyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?"
    r"|(?i:\b(?:bearer|basic)\s+[\w.~+/=-]{12,})"
    r"|-----BEGIN [A-Z ]+-----[\s\S]*?(?:-----END [A-Z ]+-----|$)"
    r"|(?<![\w+/=])[A-Za-z0-9+/]{86}==|(?<![\w+/=])[A-Za-z0-9+/]{43}=(?![\w=])"
    r"|\b[\w~.-]{3}\dQ~[\w~.-]{31,34}|\bdapi[0-9a-f]{32}(?:-\d)?|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"
    r"|\bgh[pousr]_\w{36,}|\bgithub_pat_\w{22,}|\bxox[abprs]-[\w-]{10,}|\bsk-[\w-]{20,}"
)
_USERINFO = re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://)[^\s/@:\"'<>]*:[^\s@\"'<>]+@")
_LINK = re.compile(r"(?i)(\bhttps?://|\bftps?://|//|\bwww\.)([^\s/\"'<>\\)\]]+)")
_TRUSTED = re.compile(
    r"(?i)(?:^|\.)(?:azure\.com|azure\.net|windows\.net|microsoft\.com|microsoftonline\.com"
    r"|azuredatabricks\.net|azuresynapse\.net|sharepoint\.com|office\.com|powerbi\.com"
    r"|salesforce\.com|snowflakecomputing\.com)(?::\d+)?$"
)
_MENTION = re.compile(r"(?i)</?\s*at\b[^>]*>?")


def redact(text: object) -> str:
    """Return the text with secrets hidden, links dead (hxxps, host[.]tld) and mention tags gone."""
    plain = _INVISIBLE.sub("", str(text).encode("utf-8", "replace").decode("utf-8"))
    plain = _CONNECTION_STRING.sub(rf"\g<1>{HIDDEN}", plain)
    plain = _USERINFO.sub(rf"\g<1>{HIDDEN}@", plain)
    plain = _NAMED.sub(_hide_value, plain)
    plain = _SHAPES.sub(HIDDEN, plain)
    return _MENTION.sub("", _LINK.sub(_kill_link, plain))


def redact_json(value: object) -> Any:  # noqa: ANN401 - JSON is what comes in and goes out
    """Return a copy of a JSON value with every string in it redacted; keys stay as they are."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        pairs = cast("Mapping[str, object]", value)
        return {key: _redact_pair(key, inner) for key, inner in pairs.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [redact_json(inner) for inner in cast("Sequence[object]", value)]
    return value


def _redact_pair(key: str, value: object) -> object:
    secret = isinstance(value, str) and re.fullmatch(rf"(?i){_SECRET_NAME}", key)
    return HIDDEN if secret else redact_json(value)


def _hide_value(match: re.Match[str]) -> str:
    return match.group(1) + (match.group("open") or "") + HIDDEN


def _kill_link(match: re.Match[str]) -> str:
    opening, host = match.groups()
    if _TRUSTED.search(host):
        return match.group(0)
    opening = opening.lower().replace("http", "hxxp").replace("ftp", "fxp")
    return opening.replace("www.", "www[.]") + host.replace(".", "[.]")
