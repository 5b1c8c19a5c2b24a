"""Knows where secrets stand without a name: command lines, logons, addresses, webhooks."""

import re
from collections.abc import Callable

from adf.redaction.calls import CALLS
from adf.redaction.harmless import is_harmless
from adf.redaction.hooks import hide_hooks
from adf.redaction.likeness import is_no_word, is_plain
from adf.redaction.pairs import PAIRS

Judges = Callable[[re.Match[str]], bool]

# A client that takes a password after a short option, or a user named by one just before.
_CLIENTS = (
    r"(?:mysql\w*|mariadb\w*|psql|pg_\w+|sqlcmd|bcp|isql|tsql|curl|wget|sshpass|plink|pscp|psftp|mongo\w*"
    r"|redis-cli|ldap\w+|smbclient|docker|podman|helm|az|hdbsql|snowsql|beeline|sqoop|vsql|bteq|impala-shell"
    r"|lftp|ftp|7z|7za|zip|unzip|rar|unrar|ssh-keygen|gpg|openssl|rabbitmqadmin|kafka-\w+|net|impdp|sqlldr|keytool|jarsigner)"
)
_SHORT = re.compile(
    rf"(?:\b{_CLIENTS}(?:\.exe)?\s[^\r\n]{{0,200}}?"
    r"|(?:^|\s)(?:-[uUn]|--user(?:name)?)[ =]\S{1,80}\s(?:[^\r\n]{0,60}\s)?)"
    r"(?<=\s)(?:-hp|-p|-P|-pw|-w|-a|-N|--pass(?!\w))[ =]?[\"']?"
    r"(?P<value>(?<=[\"'])[^\"'\r\n]{3,200}(?=[\"'])|[^\s\"'-][^\s\"']{2,200})"
)
_LONE = re.compile(
    r"(?:^|(?<=[\s\"']))-(?:p|P|pw)(?: |(?=[^\sa-zA-Z-]))[\"']?(?P<value>[^\s\"'-][^\s\"']{4,200})"
)
_USER = re.compile(
    r"(?<=\s)(?:-u|-U|--user|--proxy-user)[ =]?(?!jdbc:|\w{2,20}://)(?P<quote>[\"'])?[\w.@\\-]{1,80}[:%,]"
    r"(?P<value>(?(quote)(?:(?!(?P=quote))[^\r\n]){1,200}|[^\s\"']{1,200}))"
)
_NET_USE = re.compile(
    r"(?i)\bnet\s+use\s+\S+\s+\\\\\S+\s+(?P<value>\"[^\"\r\n]{1,200}\"|[^\s/]\S{0,200})\s+/user:"
)
# Options of Windows: a password follows the user, or an option of its own.
_WINDOWS = re.compile(
    r"(?i)(?<=\s)/(?:u(?:ser)?[: ][^\s/]{1,80}|rp|pw|pass|pwd)[: ]\s{0,3}"
    r"[\"']?(?P<value>[^\s\"'/]\S{3,200})"
)
_OPENSSL = re.compile(
    r"(?i)\bopenssl\s[^\r\n]{0,200}?\s-[kK] [\"']?(?P<value>[^\s\"'-][^\s\"']{2,200})"
)
_SETTING = re.compile(
    r"(?i)(?<!\w)\w{0,40}(?:_pass|_pwd|_token|_secret|_key|bindpw)\s{1,4}(?P<value>\S{4,200})"
)
_CONF = re.compile(
    r"(?i)(?<![\w.-])[\w-]{1,40}(?:\.[\w-]{1,60}){1,12}?\.(?:secret|password|key|token)(?:\.[\w.-]{1,120})?\s{1,4}(?P<value>[^\s=:,;]{12,400})"
)
_LOGON = re.compile(
    r"(?<![\w/.@:\\%-])(?P<user>[A-Za-z][\w$#]{0,29})/(?P<value>[^\s/@\"'<>\\]{2,60})@(?P<at>//|[A-Za-z][\w-]{0,60})"
    r"(?P<rest>\.[\w.-]{1,80})?(?P<service>[:/]\w)?"
)
_ORACLE = re.compile(
    r"(?i)(?:ora\w*|thin|oci\d?|sqlplus|conn\w*|logon|tns\w*|userid\w*|exp\w*|imp\w*)\W{0,3}\w{0,12}\W{0,3}$"
)
_JDBC_LOGON = re.compile(
    r"(?i)(jdbc:oracle:(?:thin|oci\d?):[^\s/@:]{1,60}/)(?P<value>[^\s@]{1,100})(?=@)"
)
_REVISION = re.compile(r"(?i)v?\d|main$|master$|head$|latest$|dev$")
_TOKEN_USER = re.compile(r"(?i)((?:https?|git|ssh|redis)://)(?P<value>[^\s/@:\"'<>]{8,300})(?=@)")
_SCHEME = re.compile(
    r"(?i)\b(?:negotiate|ntlm|digest|oauth|apikey|api-key|token|sso-key|snowflake token=\"?)"
    r"(?:\s{1,4}|(?<==)\"?)"
    r"(?P<value>[\w.~+/=!%:-]{16,})"
)
_PUTTY = re.compile(
    r"(?i)(private-lines: {0,4}\d{1,4}\s{1,4})(?P<value>[A-Za-z0-9+/=\s]{20,}?)(?=private-|\Z)"
)
_KUBERNETES = re.compile(
    r"(?im)^(?P<indent>[ \t]{1,12})[\w.-]{1,80}:[ \t]{1,4}(?P<value>[^\s{][^\r\n]{3,2000})$"
)


def hide_places(text: str, hidden: str) -> str:
    """Put `hidden` in the place of what stands where only a secret stands."""
    low = text.lower()
    if any(word in low for word in ("hook", "integration", "/trigger", "api.telegram")):
        text = hide_hooks(text, hidden)
    for words, pattern, is_secret in _PLACES:
        if any(word in low for word in words):
            text = _hide_in(pattern, text, hidden, is_secret)
    for words, pattern in PAIRS:
        if any(word in low for word in words):
            text = _hide_in(pattern, text, hidden, _always)
    for also, words, pattern in CALLS:
        if also in low and any(word in low for word in words):
            text = _hide_in(pattern, text, hidden, _is_lone)
    return _hide_kubernetes(text, hidden) if "kind: secret" in low else text


def _hide_kubernetes(text: str, hidden: str) -> str:
    """The data of a Secret in YAML, whatever its fields are called."""
    start = max(text.find("\ndata:"), text.find("\nstringData:"))
    if start < 0:
        return text
    return text[: start + 6] + _hide_in(_KUBERNETES, text[start + 6 :], hidden, _always)


def _hide_in(pattern: re.Pattern[str], text: str, hidden: str, is_secret: Judges) -> str:
    def hide(hit: re.Match[str]) -> str:
        if hit["value"] == hidden or not is_secret(hit):
            return hit.group()
        start = hit.start("value") - hit.start()
        end = hit.end("value") - hit.start()
        return hit.group()[:start] + hidden + hit.group()[end:]

    return pattern.sub(hide, text)


def _is_argument(hit: re.Match[str]) -> bool:
    """No port, path, variable or mapping."""
    value = hit["value"]
    return not re.fullmatch(r"[\d:.,]+|[./~$%{<].*|\[redacted\].*", value) and not is_plain(value)


def _is_lone(hit: re.Match[str]) -> bool:
    return _is_argument(hit) and is_no_word(hit["value"])


def _is_users(hit: re.Match[str]) -> bool:
    """After a comma may also stand another user."""
    return hit.string[hit.start("value") - 1] != "," or is_no_word(hit["value"])


def _is_logon(hit: re.Match[str]) -> bool:
    """USER/PASSWORD@DATABASE, and no address, file or revision."""
    before = hit.string[max(0, hit.start() - 40) : hit.start()]
    if _REVISION.match(hit["at"]) or hit["value"].startswith("["):
        return False
    return bool(_ORACLE.search(before) or hit["at"] == "//" or hit["service"] or not hit["rest"])


def _is_token(hit: re.Match[str]) -> bool:
    value = hit["value"]
    digits = any(one.isdigit() for one in value) and any(one.isalpha() for one in value)
    return len(value) >= 20 and digits


def _is_value(hit: re.Match[str]) -> bool:
    value = hit["value"]
    mixed = any(one.isdigit() for one in value) or any(one in "!#$%^&*+~" for one in value)
    return mixed and not is_plain(value) and value[0] not in "/.{<$@["


def _is_credential(hit: re.Match[str]) -> bool:
    value, before = hit["value"], hit.string[max(0, hit.start() - 40) : hit.start()]
    if hit.group().lower().startswith("token") and is_harmless("token", before.lower().strip()):
        return False
    mixed = value[1:] != value[1:].lower() and value != value.upper()
    return mixed or any(one.isdigit() for one in value)


def _always(_: re.Match[str]) -> bool:
    return True


# What must be in the text for the pattern to be worth looking, and what a hit must be.
_PLACES: tuple[tuple[tuple[str, ...], re.Pattern[str], Judges], ...] = (
    ((" -p", " -w", " -a ", " -hp", " -n ", " --pass"), _SHORT, _is_argument),
    (("-p",), _LONE, _is_lone),
    ((" -u", " --user", " --proxy-user"), _USER, _is_users),
    (("jdbc:oracle",), _JDBC_LOGON, _always),
    (("@",), _LOGON, _is_logon),
    (("@",), _TOKEN_USER, _is_token),
    (("/user:",), _NET_USE, _always),
    (("/u ", "/u:", "/user", "/rp", "/pw", "/pass"), _WINDOWS, _is_lone),
    (("openssl",), _OPENSSL, _is_argument),
    (("_pass ", "_pwd ", "_token ", "_secret ", "_key ", "bindpw "), _SETTING, _is_value),
    ((".secret", ".password", ".key", ".token"), _CONF, _is_value),
    (("negotiate", "ntlm", "digest", "oauth", "api", "token", "sso-key"), _SCHEME, _is_credential),
    (("private-lines",), _PUTTY, _always),
)
