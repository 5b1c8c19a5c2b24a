"""What a sentence claims that records can bear out: names, ids, times, numbers, states, a cause."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class ClaimedState(StrEnum):
    """A state as people put it, whatever it is the state of."""

    GOOD = "good"
    BAD = "bad"
    RUNNING = "running"
    QUEUED = "queued"
    CANCELLED = "cancelled"
    STOPPED = "stopped"
    OFFLINE = "offline"


_STATES: Mapping[ClaimedState, str] = {
    ClaimedState.GOOD: r"succe(?:ed\w*|ss(?:ful\w*)?)|completed|finished (?:well|fine|ok)"
    r"|healthy|green|fine"
    r"|all (?:is )?(?:well|good|clear)|(?:is|are|looks?|all) (?:ok|okay|well|good|alright)"
    r"|no (?:problems?|issues?|errors?|failures?|worr\w+)|(?:nothing|no need) to (?:worry|do|fix)"
    r"|nothing (?:is wrong|needs to be done|has to be done|must be done|failed|broke)|online"
    r"|false alarm|harmless|resolved|recovered|fixed|repaired|solved|(?:is|are) working"
    r"|up and running|reran"
    r"|rerun (?:was|has been) \w+|(?:have|has|was|were) (?:been )?rerun|erfolgreich|gelungen"
    r"|in ordnung|behoben|exitos\w+|réussi\w*|terminé\w*",
    ClaimedState.BAD: r"fail(?:ed|s|ing|ures?)?|broke(?:n)?|crash\w*|red|errored|unhealthy"
    r"|(?:is|are|was|were|went|be) down|timed out"
    r"|fehlgeschlagen|gescheitert|fehlschlag\w*|échoué\w*|falló|fallid\w+",
    ClaimedState.RUNNING: r"running|in progress|executing|ongoing|läuft|en cours|en curso",
    ClaimedState.QUEUED: r"queued|in the queue|waiting in line|in der warteschlange",
    ClaimedState.CANCELLED: r"cancell?ed|aborted|abgebrochen|annulé\w*|cancelad\w+",
    ClaimedState.STOPPED: r"stopped|paused|disabled|deactivated|gestoppt|angehalten|deaktiviert",
    ClaimedState.OFFLINE: r"offline|unreachable|unavailable|nicht erreichbar",
}
_STATE = {state: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for state, words in _STATES.items()}
_DENIES = re.compile(
    r"(?:\b(?:not|never|neither|nor|without|hardly|no|none|nothing|kein\w*|nicht|nie|pas|ningún)\b"
    r"|n['’]t\b)(?:\W+\w+){0,3}\W*$",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:if|once|unless|until|whether|in case|wenn|falls|sobald|ob|bis)\b", re.IGNORECASE
)
# "It must be fixed", "it may fail again": nothing is said of how it is.
_MODAL = re.compile(
    r"\b(?:must|should|can|could|may|might|will|would|to|muss|soll\w*|kann|könnte|wird)\b(?:\s+\w+){0,2}\s*$",
    re.IGNORECASE,
)
_NOT_YET = re.compile(r"resolved|fixed|repaired|solved|behoben|reran", re.IGNORECASE)
_ALL = re.compile(
    r"\b(?:all|every\w*|each|everything|nothing|none|alle\w*|jede\w*)\b", re.IGNORECASE
)
_CAUSE = re.compile(
    r"\b(?:because|caused?|due to|reason|owing to|result of|stems? from|root cause"
    r"|weil|wegen|ursache|grund|verursacht|aufgrund|parce que|cause|debido a|porque)\b",
    re.IGNORECASE,
)
_GUID = re.compile(
    r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.IGNORECASE
)
_HEX = re.compile(
    r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{6,}\b|\b\d{8}\b|\bdeadbeef\b", re.IGNORECASE
)
_QUOTED = re.compile(r"[`“”\"‘«]([^`“”\"’»\n]{2,80})[`“”\"’»]|(?<!\w)'([^'\n]{2,80})'(?!\w)")
_NAME = re.compile(r"\b[A-Za-z][A-Za-z0-9]*(?:[_.-][A-Za-z0-9]+)*\b")
_COMMON_CAPITALS = frozenset(
    [
        "ADF",
        "AI",
        "API",
        "AM",
        "BST",
        "CET",
        "CEST",
        "CPU",
        "CSV",
        "DNS",
        "EDT",
        "EST",
        "ETL",
        "GB",
        "GMT",
        "HTTP",
        "HTTPS",
        "ID",
        "IDS",
        "IP",
        "IR",
        "JSON",
        "KB",
        "MB",
        "NULL",
        "OK",
        "PDT",
        "PM",
        "PST",
        "RAM",
        "SHIR",
        "SLA",
        "SQL",
        "SSL",
        "TCP",
        "TLS",
        "TTL",
        "UI",
        "URL",
        "UTC",
        "VM",
        "VPN",
    ]
)
_ADDRESS = re.compile(
    r"\b(?:https?|hxxps?|ftp)://\S+|\bwww\.\S+|(?<![\w.\]-])[\w-]{1,63}(?:\[?\.\]?[\w-]{1,63}){0,9}\[?\.\]?"
    r"(?:com|net|org|io|example|dev|info|biz|ly|co|ai|app|ru|cn)\b(?:/\S*)?|[^\s@]{1,64}@[^\s@]{1,200}\.\w+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceClaims:
    """What one sentence claims; `denied` states are said not to be, `is_universal` says "all"."""

    names: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    states: frozenset[ClaimedState] = frozenset()
    denied: frozenset[ClaimedState] = frozenset()
    is_universal: bool = False
    gives_cause: bool = False
    rest: str = ""

    @property
    def are_there(self) -> bool:
        """Whether there is anything that only a record can bear out, numbers and times aside."""
        return bool(self.names or self.ids or self.states or self.denied or self.gives_cause)


def claims_of(sentence: str) -> SentenceClaims:
    """The claims of a sentence; `rest` is the text with names and ids taken out, for figures."""
    ids = frozenset(one.lower() for one in _GUID.findall(sentence))
    rest = _GUID.sub(" ", sentence)
    ids |= {one.lower() for one in _HEX.findall(rest)}
    rest = _HEX.sub(" ", rest)
    names = set(_ADDRESS.findall(rest))
    rest = _ADDRESS.sub(" ", rest)
    for found in _QUOTED.finditer(rest):
        inside = (found[1] or found[2]).strip(" .,;:!?")
        names.add(inside)
    for found in _NAME.finditer(rest):
        if is_name(found[0]):
            names.add(found[0])
    for one in names:
        rest = rest.replace(one, " ")
    asserted, denied = _states_in(sentence)
    return SentenceClaims(
        names=frozenset(names),
        ids=ids,
        states=asserted,
        denied=denied,
        is_universal=bool(_ALL.search(sentence)),
        gives_cause=bool(_CAUSE.search(sentence)),
        rest=rest,
    )


def is_name(token: str) -> bool:
    """Whether a word looks like the name of a thing: as people do not spell plain words."""
    if token.isupper():
        return len(token) >= 3 and token not in _COMMON_CAPITALS and token.isalpha()
    if "_" in token:
        return True
    if re.search(r"[a-z][A-Z]|[A-Z]{2,}[a-z]{2}", token):
        return True
    return bool(re.search(r"\d", token)) and bool(re.search(r"[A-Za-z]{2}", token))


def state_words(sentence: str) -> frozenset[str]:
    """The words of a sentence that tell a state, as they stand there."""
    return frozenset(found[0] for one in _STATE.values() for found in one.finditer(sentence))


def _states_in(sentence: str) -> tuple[frozenset[ClaimedState], frozenset[ClaimedState]]:
    asserted, denied = set[ClaimedState](), set[ClaimedState]()
    for state, pattern in _STATE.items():
        for found in pattern.finditer(sentence):
            before = sentence[: found.start()]
            clause = re.split(r"[,;:]", before)[-1]
            is_wish = state is ClaimedState.BAD or _NOT_YET.fullmatch(found[0]) is not None
            if _CONDITION.search(clause) or (is_wish and _MODAL.search(clause)):
                continue
            (denied if _DENIES.search(clause) else asserted).add(state)
    return frozenset(asserted), frozenset(denied)
