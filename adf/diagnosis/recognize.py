"""The codes that an error text carries, each in the form that its system writes it."""

import re
from collections.abc import Iterator, Sequence

from adf.diagnosis.knowledge import Entry, codes

_STATUS = {
    "badrequest": "400",
    "unauthorized": "401",
    "forbidden": "403",
    "notfound": "404",
    "methodnotallowed": "405",
    "requesttimeout": "408",
    "conflict": "409",
    "preconditionfailed": "412",
    "requestentitytoolarge": "413",
    "toomanyrequests": "429",
    "internalservererror": "500",
    "badgateway": "502",
    "serviceunavailable": "503",
    "gatewaytimeout": "504",
}
_WORD = re.compile(r"[A-Za-z_][\w.$-]{2,100}")
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "sql",
        re.compile(
            r"(?i)(?:SqlErrorNumber\s?[=:]?\s?|\bNumber=|SQL error(?: number)?\s?[=:]?\s?|\berror number\s?[=:]?\s?)"
            r"(-?\d{1,6})\b|\bMsg (\d{2,6}),|SQL Server,? Error:? (\d{2,6})"
            r"|\bError:? (\d{3,6}), ?(?:Severity|Level|State)|Error code (\d{3,6})\.|^(\d{6});"
        ),
    ),
    ("ora", re.compile(r"\b(?:ORA|TNS|PLS)-(\d{4,5})\b")),
    (
        "sqlstate",
        re.compile(
            r"(?i:SQL_?STATE)\W{0,4}([0-9A-Z]{5})\b|(?:ERROR|error) ?\[([0-9A-Z]{5})\]"
            r"|(?:^|[\s'=])([0-9][0-9A-Z]{4}): |\[([0-9][0-9A-Z]{4})\] ?\[|Npgsql.{0,80}?\b(\d[0-9A-Z]{4}):"
        ),
    ),
    ("mysql", re.compile(r"(?i)(?:my|maria)\s?(?:db|sql).{0,80}?(?:error|errno)?\W(\d{4})\b|\bERROR (\d{4}) \(")),
    ("db2", re.compile(r"(?i)\bSQLCODE[^-\d]{0,4}(-?\d{2,5})|\b(SQL\d{4,5})[NCW]\b")),
    (
        "teradata",
        re.compile(r"(?i)\[(?:Teradata|ODBC Teradata).{0,120}?(?:\[Error |\(?-)(\d{3,5})|Teradata.{0,40}?Error:? (\d{3,5})|\bFailure (\d{4})\b|Teradata Database\] ?\[(?:Error )?(\d{4})\]"),
    ),
    ("snowflake", re.compile(r"(?i)snowflake.{0,200}?\b(\d{6})\b|\b(\d{6}) \(\w{5}\)|\b(39\d{4}|25000\d)\b")),
    ("hana", re.compile(r"(?i)(?:SAP DBTech|HDBODBC|hana).{0,80}?(?:General error;|error;|\];|error: )\s?(-?\d{1,8})\b|SAP DBTech [A-Z]{4}: \[(-?\d{1,8})\]")),
    ("informix", re.compile(r"(?i)\[Informix.{0,120}?\((-\d{2,5})\)|Informix.{0,80}?error\W{0,8}(-\d{2,5})")),
    ("vertica", re.compile(r"(?i)\b(?:vertica\b.{0,100}?(?:FATAL|ERROR|ROLLBACK)) (\d{4})\b|\[Vertica\].{0,40}?\((\d{4})\)")),
    ("aadsts", re.compile(r"(?i)\bAADSTS(\d{4,8})\b")),
    ("hresult", re.compile(r"(?i)\b0x([8c][0-9a-f]{7})\b")),
    ("win", re.compile(r"(?i)(?:SocketErrorCode|Win32ErrorCode|WSAError|Win32 error|winsock|os error|NativeErrorCode|operating system error(?: code)?)\W{0,4}(\d{1,5})\b")),
    (
        "http",
        re.compile(
            r"(?i)\(([45]\d\d)\)|(?:status ?code|HttpStatusCode|http(?:/[12](?:\.\d)?)?(?: error| status)?)"
            r"\W{0,24}([45]\d\d)\b|invalid status code '(\w{6,24})'|status ?code\W{1,4}(?:is )?'?([a-z]{8,24})\b"
            r"|\bError ([45]\d\d)\b|\b([45]\d\d) (?:bad request|unauthorized|forbidden|not found|conflict|internal|bad gateway|service|gateway|client error|server error|too many)"
            r"|^([45]\d\d)\b[ :]|\bcode ?[=:] ?([45]\d\d)\b"
        ),
    ),
)
_FTP = re.compile(r"\(([1245]\d\d)\)|\b([45]\d\d)[ -](?=[A-Za-z'/])|error: (\d{3})\b")
_BARE = re.compile(
    r"(?i)\s*(?:(?P<system>[a-z][a-z0-9_ ]{0,40}?)\s*)??"
    r"(?:(?:error|err|code|number|nr|no|msg|status)\W{0,3}){0,3}(?P<code>-?\d{2,8}|[0-9a-z]{5})\W*"
)
_BARE_SYSTEMS = {
    "sql": "sql", "sqlserver": "sql", "mssql": "sql", "sqlerrornumber": "sql", "azuresql": "sql",
    "synapse": "sql", "sqlstate": "sqlstate", "postgres": "sqlstate", "postgresql": "sqlstate",
    "mysql": "mysql", "mariadb": "mysql", "db2": "db2", "sqlcode": "db2", "oracle": "ora",
    "teradata": "teradata", "snowflake": "snowflake", "hana": "hana", "saphana": "hana",
    "informix": "informix", "vertica": "vertica", "http": "http", "ftp": "ftp", "sftp": "ftp",
    "win": "win", "windows": "win", "win32": "win", "aadsts": "aadsts", "entra": "aadsts",
}  # fmt: skip
_GUESSED = ("sql", "http", "sqlstate", "ora")
_NAMES_OF_DATABASES = re.compile(r"(?i)\bmy(?=sql)|maria|npgsql|postgres|ftp")


def entries_in(text: str) -> Iterator[Entry]:
    """What is known of the codes of other systems in a text, in the order of their forms."""
    known = codes()
    for word in _WORD.findall(text):
        entry = known.names.get(word) or known.names.get(word.rsplit(".", 1)[-1])
        if entry:
            yield entry
    for system, form in _FORMS:
        for match in form.finditer(text):
            yield from _known(system, next((one for one in match.groups() if one), ""))
    if "ftp" in text.lower():
        for match in _FTP.finditer(text):
            yield from _known("ftp", next((one for one in match.groups() if one), ""))


def own_entries(found: Sequence[str], text: str) -> Iterator[Entry]:
    """Data Factory's own codes: those in the place of a code first, then any that is named."""
    known = codes().own
    named = (word.lower() for word in _WORD.findall(text) if not word.islower())
    for code in dict.fromkeys([*(one.lower() for one in found), *named]):
        entry = known.get(code) or known.get(code.removeprefix("usererror"))
        if entry and not (code.isalpha() and code in {"badrequest", "notfound"}):
            yield entry


def bare_code(text: str) -> Iterator[Entry]:
    """What a number or code is known as that is all the text there is."""
    match = _BARE.fullmatch(text) if len(text) < 80 else None
    if match is None or not re.search(r"\d", match["code"]):
        return
    code = match["code"]
    system = _BARE_SYSTEMS.get(re.sub(r"\W|_|error|number|code", "", (match["system"] or "").lower()))
    system = system or _BARE_SYSTEMS.get(re.sub(r"\W", "", (match["system"] or "").lower()))
    if system:
        yield from _known(system, code)
    elif own := codes().own.get(code.lower()):
        yield own
    else:
        yield from (one for guess in _GUESSED for one in _known(guess, code, exact=True))


def _known(system: str, code: str, *, exact: bool = False) -> Iterator[Entry]:
    family = codes().families[system]
    plain = _STATUS.get(code.lower(), code)
    if system == "db2" and plain.upper().startswith("SQL"):
        plain = f"-{int(plain[3:])}"
    if system == "hresult":
        plain = plain.lower()
    if system == "snowflake" and plain.isdigit():
        plain = str(int(plain))
    entry = family.entries.get(plain) if exact else family.find(plain)
    if entry and plain not in {"", "0"}:
        yield entry
