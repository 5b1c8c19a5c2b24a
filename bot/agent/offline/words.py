"""The words of on-call questions, by what they ask for: data only, of no one factory."""

from enum import StrEnum


class Sign(StrEnum):
    """What a word of a question points to."""

    WHY = "why"
    BROKEN = "broken"
    ERROR = "error"
    RUNNING = "running"
    STATUS = "status"
    HELP = "help"
    MANY = "many"
    INSIDE = "inside"
    ITEMS = "items"
    TREND = "trend"
    DIFF = "diff"
    CRITICAL = "critical"
    ASKS = "asks"
    BACK = "back"
    ACT = "act"
    GENERIC = "generic"
    FILLER = "filler"


SIGNS: dict[Sign, str] = {
    Sign.WHY: "why y wy reason cause caused because explain wrong happened warum wieso weshalb"
    " grund",
    Sign.ERROR: "error errors err errmsg errormessage exception fehler fehlermeldung",
    Sign.BROKEN: "fail fails failed failing failure failures broke broken breaks break died die"
    " dies dying dead crash crashed crashing red kaputt fehlgeschlagen rot down",
    Sign.RUNNING: "running progress inprogress queued queue active executing going ongoing live"
    " laufend laufen läuft",
    Sign.STATUS: "status state ok okay fine green healthy good done finished finish complete"
    " completed completes succeed succeeded success through thru up health stand grün fertig"
    " check checking doing",
    Sign.HELP: "help hilfe commands capabilities usage",
    Sign.INSIDE: "activity activities step steps breakdown",
    Sign.CRITICAL: "critical important kritisch",
    Sign.TREND: "trend trends slower slow slowing faster performance rate rates flaky flakiest"
    " unstable unreliable reliability reliable average avg p95 statistics stats trending",
    Sign.DIFF: "compare compared comparison diff difference different differs versus vs",
    Sign.ITEMS: "item items copies rows row records",
    Sign.ASKS: "did is has was are were does do ist war hat",
    Sign.MANY: "many count which all any every everything list anything welche alle alles",
    Sign.BACK: "it its that this again same them he she das es",
    Sign.ACT: "rerun reruns restart retry resume cancel kill abort stop start trigger mute unmute"
    " silence snooze ack acknowledge assign resolve subscribe unsubscribe ticket kick launch"
    " disable enable delete remove drop deploy publish edit change approve pause",
    Sign.GENERIC: "pipeline pipelines pipline run runs job jobs message details"
    " detail factory adf data load last latest current currently now right today tonight"
    " night yesterday morning recent recently time hours hour times",
    Sign.FILLER: "before already occurred occur seen earlier thing issue problem new"
    " what whats the a an be been have had of in on at to for from"
    " with and or but not no yes me my i we our us you your please pls plz can could would"
    " will tell give show me get got how hows s m re ll t so just there here still yet hi hey"
    " hello thanks thx sind der die ein eine den dem im mir bitte bot ops let see"
    " know about if like one some look looks looking go went when who whom pull paste exact"
    " full text root quick real think much gerade heute nacht was und wie",
}

SIGN_OF: dict[str, Sign] = {word: sign for sign in reversed(SIGNS) for word in SIGNS[sign].split()}
WEAK = frozenset(word for word, sign in SIGN_OF.items() if sign is Sign.GENERIC)
STRONG = frozenset(SIGN_OF) - WEAK
