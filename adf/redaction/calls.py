"""Knows where a secret is an argument: of a function, of a statement, of a line of a protocol.

What stands there is hidden when it looks like a secret; words and paths stay.
"""

import re

_QUOTED = r"[\"'`]?(?P<value>[^\s\"'`()]{1,200}|(?<=[\"'`])[^\"'`\r\n]{1,200}(?=[\"'`]))"
_ARGUMENT = r"(?:\"[^\"\r\n]{0,200}\"|'[^'\r\n]{0,200}'|[^\s,()\"']{1,120})"
_SIGN_IN = re.compile(
    r"(?i)(?:auth\w{0,16}|credentials?|connection|connect|login|logon|dbapi|sign_?in)"
    rf"[\"']?\s{{0,2}}[=:]?\s{{0,2}}\(\s{{0,4}}(?:{_ARGUMENT}\s{{0,4}},\s{{0,8}}){{1,3}}"
    r"[\"']?(?P<value>(?<=[\"'])[^\"'\r\n]{1,200}|[^\s,()\"']{1,120})[\"']?\s{0,4}\)"
)
_ROWSET = re.compile(
    r"(?i)open(?:rowset|datasource)\s{0,4}\([^()]{0,300};\s{0,4}'(?P<value>[^']{1,200})'"
)
_SECURE = re.compile(
    r"(?i)securestring(?:\s{1,4}-\w{1,20}){1,3}\s{1,4}[\"'](?P<value>[^\"'\r\n]{3,200})[\"']"
)
# What clients say to FTP, SMTP, POP, IMAP and Redis, in capitals.
_PROTOCOL = re.compile(
    r"(?:^|(?<=[>\"'\s:]))(?:PASS|AUTH|auth)[\"']?[ \t]{1,2}(?:[\"']?\w{1,60}[\"']?[ \t]{1,2})?"
    r"[\"']?(?P<value>[^\s\"']{4,400})",
    re.MULTILINE,
)
_LOGIN = re.compile(r"(?<=\s)LOGIN[ \t]{1,2}\S{1,120}[ \t]{1,2}[\"']?(?P<value>[^\s\"']{4,200})")
_USING = re.compile(rf"(?i)\buser\s{{1,3}}[\w.\\@-]{{1,60}}\s{{1,3}}using\s{{1,3}}{_QUOTED}")
_LOGON_COMMA = re.compile(r"(?i)\blogon\s{1,3}[\w./-]{1,120},\s{0,2}(?P<value>[^\s;]{3,200})")
_USER_SLASH = re.compile(
    r"(?i)\b(?:user(?:id|name)?|logon|login|connect)\s{0,2}[=:]?\s{0,2}[\"']?[\w$#.]{1,30}[ ]?/[ ]?"
    r"(?P<value>[^\s/@\"'<>]{3,60})(?=[\s\"',;]|$)"
)
_PGPASS = re.compile(r":(?:\d{2,5}|\*):[\w.*-]{1,60}:[\w.@*-]{1,60}:(?P<value>[^\s:]{4,200})")
_AS_PASSWORD = re.compile(
    r"(?i)(?<![\w.])(?P<value>[^\s\"'`<>]{6,200})[\"'`]? as (?:\w{1,20} ){0,3}"
    r"(?:password|passphrase|passcode|pwd|secret|token|api[ -]?key)\b"
)
_FROM = re.compile(
    rf"(?i)(?:passw\w{{2,4}}|passphrase|pwd|secret|token|key)\b[^\r\n.;]{{0,60}}?\bfrom {_QUOTED}"
)
_REPLACE = re.compile(rf"(?i)identified by \S{{1,200}} replace {_QUOTED}")
_NET_USER = re.compile(r"(?i)\bnet1?\s{1,3}user\s{1,3}\S{1,60}\s{1,3}(?P<value>[^\s/*]\S{3,100})")
_PAIR = re.compile(
    r"(?i)(?:credentials?|creds?|login|logon)\s{0,2}[:=]\s{0,3}[\w.@\\-]{1,60}\s{0,2}[/|,]\s{0,2}"
    r"(?P<value>[^\s,;\"']{6,200})"
)
_TO = re.compile(rf"(?i)(?:passw\w{{2,4}}|passphrase|pwd)\b[^\r\n;]{{0,160}}?\bto {_QUOTED}")

# What must be in the text for the pattern to be worth looking: the first, and one of the others.
CALLS: tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...] = (
    ("(", ("auth", "credential", "connect", "login", "logon", "dbapi", "sign"), _SIGN_IN),
    ("open", ("openrowset", "opendatasource"), _ROWSET),
    ("-", ("securestring",), _SECURE),
    ("", ("pass", "auth"), _PROTOCOL),
    ("", ("login ",), _LOGIN),
    (" using ", ("user ",), _USING),
    (",", ("logon ",), _LOGON_COMMA),
    ("/", ("user", "logon", "login", "connect"), _USER_SLASH),
    (":", (":*:", *(f"{one}:" for one in range(10))), _PGPASS),
    (" as ", ("pass", "pwd", "secret", "token", "key"), _AS_PASSWORD),
    (" from ", ("pass", "pwd", "secret", "token", "key"), _FROM),
    (" to ", ("pass", "pwd"), _TO),
    (" replace ", ("identified by",), _REPLACE),
    (" user ", ("net",), _NET_USER),
    ("", ("cred", "login", "logon"), _PAIR),
)
