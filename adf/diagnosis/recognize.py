"""The codes that an error text carries, each in the form that its system writes it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adf.diagnosis.knowledge import KnownError, codes

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a system writes its codes; only a text with one of its `signs` is searched for them."""

    system: str
    signs: tuple[str, ...]
    pattern: re.Pattern[str]


_STATUS_WORDS = (
    "bad request|unauthorized|forbidden|not found|conflict|internal|bad gateway|service|gateway"
    "|client error|server error|too many"
)
_PATTERNS = (
    (
        "sql",
        ("number", "msg ", "error code ", "sql server", "severity", "sqlexception"),
        r"(?:SqlErrorNumber(?:=(?=-?\d{1,6}\D)|\s?:?\s?)|\bNumber=|SQL error(?: number)?\s?[=:]?\s?"
        r"|\berror number\s?[=:]?\s?)(-?\d{1,6})\b|\bMsg (\d{2,6}),"
        r"|SQL Server,? Error:? (\d{2,6})|\bError:? (\d{3,6}), ?(?:Severity|Level|State)"
        r"|Error code (\d{3,6})\.",
    ),
    ("sql", (";",), r"^(\d{6});"),
    ("ora", ("ora-", "tns-", "pls-"), r"\b(?:ORA|TNS|PLS)-(\d{4,5})\b"),
    (
        "sqlstate",
        ("sqlstate", "sql_state", "sql state", "error [", "error["),
        r"SQL[_ ]?STATE\W{0,4}([0-9A-Z]{5})\b|ERROR ?\[([0-9A-Z]{5})\]",
    ),
    ("sqlstate", (": ",), r"(?:^|[\s'=])([0-9][0-9A-Z]{4}): "),
    (
        "mysql",
        ("mysql", "my sql", "mariadb", "error "),
        r"(?:my ?sql|mariadb).{0,80}?(?:error|errno)?\W(\d{4})\b|\bERROR (\d{4}) \(",
    ),
    ("db2", ("sqlcode", "sql"), r"\bSQLCODE[^-\d]{0,4}(-?\d{2,5})|\b(SQL\d{4,5})[NCW]\b"),
    (
        "teradata",
        ("teradata", "failure "),
        r"\[(?:Teradata|ODBC Teradata).{0,120}?(?:\[Error |\(?-)(\d{3,5})"
        r"|Teradata.{0,40}?Error:? (\d{3,5})|\bFailure (\d{4})\b"
        r"|Teradata Database\] ?\[(?:Error )?(\d{4})\]",
    ),
    (
        "snowflake",
        ("snowflake", " ("),
        r"snowflake.{0,200}?\b(\d{6})\b|\b(\d{6}) \(\w{5}\)",
    ),
    (
        "hana",
        ("hana", "hdbodbc", "sap dbtech"),
        r"(?:SAP DBTech|HDBODBC|hana).{0,80}?(?:General error;|error;|\];|error: )\s?(-?\d{1,8})\b"
        r"|SAP DBTech [A-Z]{4}: \[(-?\d{1,8})\]",
    ),
    (
        "informix",
        ("informix",),
        r"\[Informix.{0,120}?\((-\d{2,5})\)|Informix.{0,80}?error\W{0,8}(-\d{2,5})",
    ),
    (
        "vertica",
        ("vertica",),
        r"\bvertica\b.{0,100}?(?:FATAL|ERROR|ROLLBACK) (\d{4})\b|\[Vertica\].{0,40}?\((\d{4})\)",
    ),
    ("aadsts", ("aadsts",), r"\bAADSTS(\d{4,8})\b"),
    ("hresult", ("0x8", "0xc", "-21"), r"\b0x([8c][0-9a-f]{7})\b|(?<![\d-])(-21[0-9]{8})\b"),
    ("cosmos", ("substatus",), r"sub ?status(?: ?code)?\W{1,4}(\d{3,5})\b"),
    (
        "win",
        ("socketerror", "win32", "wsaerror", "winsock", "os error", "nativeerror", "system error"),
        r"(?:SocketErrorCode|Win32ErrorCode|WSAError|Win32 error|winsock|os error|NativeErrorCode"
        r"|operating system error(?: code)?)\W{0,4}(\d{1,5})\b",
    ),
    (
        "http",
        ("status", "http", "code"),
        r"(?:status ?code|HttpStatusCode|http(?:/[12](?:\.\d)?)?(?: error| status)?)"
        r"\W{0,24}([45]\d\d)\b|invalid status code '(\w{6,24})'"
        r"|status ?code\W{1,4}(?:is )?'?([a-z]{8,24})\b|\bcode ?[=:] ?([45]\d\d)\b",
    ),
    ("ftp", ("4", "5"), r"^(42[56]|45[0-2]|53[0-4]|55[0-3])[ -](?=[A-Za-z'/])"),
    (
        "http",
        ("4", "5"),
        rf"\(([45]\d\d)\)|\bError ([45]\d\d)\b|\b([45]\d\d) (?:{_STATUS_WORDS})|^([45]\d\d)\b[ :]",
    ),
)
_FORMS = tuple(
    Form(system=system, signs=signs, pattern=re.compile(pattern, re.IGNORECASE | re.DOTALL))
    for system, signs, pattern in _PATTERNS
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
    "teradata": "teradata", "cosmos": "cosmos", "cosmosdb": "cosmos", "snowflake": "snowflake",
    "hana": "hana", "saphana": "hana",
    "informix": "informix", "vertica": "vertica", "http": "http", "ftp": "ftp", "sftp": "ftp",
    "win": "win", "windows": "win", "win32": "win", "aadsts": "aadsts", "entra": "aadsts",
}  # fmt: skip
# Codes that are also said of other things in a text.
_WORDS_TOO = frozenset({"badrequest", "notfound"})
_GUESSED = ("sql", "http", "sqlstate", "ora")


def entries_in(text: str) -> Iterator[KnownError]:
    """What is known of the codes of other systems in a text, in the order of their forms."""
    known = codes()
    for word in _WORD.findall(text):
        entry = known.names.get(word) or known.names.get(word.rsplit(".", 1)[-1])
        if entry:
            yield entry
    low = text.lower()
    for form in _FORMS:
        if any(sign in low for sign in form.signs):
            for match in form.pattern.finditer(text):
                yield from _known(form.system, next((one for one in match.groups() if one), ""))
    if "ftp" in low:
        for match in _FTP.finditer(text):
            yield from _known("ftp", next((one for one in match.groups() if one), ""))


def own_entries(found: Sequence[str], text: str = "") -> Iterator[KnownError]:
    """Data Factory's own codes: those in the place of a code first, then any that is named."""
    known = codes().own
    named = (word.lower() for word in _WORD.findall(text) if not word.islower())
    written = (word for word in named if word not in _WORDS_TOO)
    for code in dict.fromkeys([*(one.lower() for one in found), *written]):
        entry = known.get(code) or known.get(code.removeprefix("usererror"))
        if entry:
            yield entry


def without_codes(text: str) -> str:
    """A text without Data Factory's own codes, whose parts would be read as words."""
    known = codes().own
    return _WORD.sub(lambda word: " " if word.group().lower() in known else word.group(), text)


def bare_code(text: str) -> Iterator[KnownError]:
    """What a number or code is known as that is all the text there is."""
    match = _BARE.fullmatch(text) if len(text) < 80 else None
    if match is None or not re.search(r"\d", match["code"]):
        return
    code = match["code"]
    words = re.sub(r"[\W_]", "", (match["system"] or "").lower())
    system = _BARE_SYSTEMS.get(words) or _BARE_SYSTEMS.get(re.sub("error|number|code", "", words))
    if words and not system:
        return
    if system:
        yield from _known(system, code)
    elif own := codes().own.get(code.lower()):
        yield own
    else:
        yield from (one for guess in _GUESSED for one in _known(guess, code, exact=True))


def _known(system: str, code: str, *, exact: bool = False) -> Iterator[KnownError]:
    family = codes().families[system]
    plain = _STATUS.get(code.lower(), code)
    if system == "db2" and plain.upper().startswith("SQL"):
        plain = f"-{int(plain[3:])}"
    if system == "hresult":
        plain = f"{int(plain) & 0xFFFFFFFF:x}" if plain.startswith("-") else plain.lower()
    if system == "snowflake" and plain.isdigit():
        plain = str(int(plain))
    entry = family.entries.get(plain) if exact else family.find(plain)
    if entry and plain not in {"", "0"}:
        yield entry
