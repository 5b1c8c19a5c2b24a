"""Which events the words of a wish name: a failure, an end, a missed start, something too late."""

import re

_DONE = (
    r"(?:done|finish\w*|complet\w*|ready|through|there|here|in|loaded|over|fertig|durch|da|fini\w*"
    r"|termin\w*|listo|klaar|pronto|acab\w*|back|up)"
)
_NOT = (
    r"(?:\bnot|\b(?:is|are|was|were|do|does|did|has|have|had|wo|would|could|ca)n['’]?t|\bnever"
    r"|\bnicht|\bpas|\bniet|\bn[oã]o?|\bnon|\bnahi|\bna)"
)
_NOT_DONE = re.compile(rf"(?i){_NOT}\b\W+(?:\w+\W+){{0,3}}?{_DONE}\b")
_LATE = re.compile(
    r"(?i)\b(?:late|delayed?|overdue|behind schedule|(?:misses|missed|breaks|breaches) (?:its "
    r"|the )?"
    r"(?:deadline|sla)|verspätet|zu spät|retard|te laat|tarde|atrasad[oa]|in ritardo)\b"
)
_LONG = re.compile(
    r"(?i)\b(?:too long|longer than|slow(?:er)?|takes (?:ages|forever)|hangs?|hanging|stuck"
    r"|overruns?"
    r"|drags|zu lange?|hängt)\b"
)
_QUEUE = re.compile(r"(?i)\b(?:queue[sd]?|queue?ing|backlog|piles? up|backs? up|warteschlange)\b")
_RUN = r"(?:run|runs|ran|start\w*|fir(?:e|es|ed)|kick\w* off|trigger\w*)"
_MISSED = re.compile(
    rf"(?i)\b(?:(?:does|did|do|is|has|was)(?: not|n['’]?t) (?:\w+ ){{0,2}}?{_RUN}|fails? to {_RUN}"
    rf"|never {_RUN}|miss(?:es|ed)? (?:its|a|the|any) (?:run|start|slot|schedule|window)|skips?"
    r"|nicht (?:läuft|startet|gelaufen|gestartet))\b"
)
_NO_ROWS = re.compile(
    r"(?i)(?:\b(?:0|zero|no|without|any) (?:rows?|records?|data|zeilen)\b|\bempty\b"
    r"|\bnothing (?:is |was "
    r"|gets |got )?(?:loaded|copied|written|in it)\b|\bkeine (?:zeilen|daten)\b|\bleer\b)"
)
_OFFLINE = (
    r"(?:off ?line|down|drop\w*|dies?|unavailable|disconnect\w*|away|unreachable"
    r"|not (?:online|up)|weg)"
)
_RUNTIME = re.compile(
    rf"(?i)(?:\b(?:runtimes?|shir|ir|gateway|nodes?)\b.*\b{_OFFLINE}\b|\bgoes off ?line\b)"
)
_PROBLEM = re.compile(
    r"(?i)\b(?:(?:any|some)? ?things? (?:goes|go|went|is|gets?|looks?) (?:wrong|off|bad|sideways"
    r"|south)"
    r"|goes? (?:wrong|bad|sideways)|(?:a |any |some )?(?:problem|issue|trouble)s?|acts up"
    r"|whatever happens|probleme?)\b"
)
_ENDS = re.compile(
    r"(?i)\b(?:finish\w*|ends?|ended|complet(?:es?|ed|ion)|done|through|thru|over|succeeds?|green"
    r"|ready|goes? (?:ok|well)|fertig|durch|is back|its back|recovers?|läuft durch|is in|termin\w+"
    r"|acab\w+|fini\w*|klaar|pront[oa]|khatam|loaded|refreshed|updated|available|landed|gedaan"
    r"|grün|groen|verde|verte?|cerrad[oa]|chius[oa]|salga|salió|listo|terminad[oa]|aufgefrischt"
    r"|either way)\b"
)
_FAILS = re.compile(
    r"(?i)\b(?:fail\w*|break\w*|error\w*|red|die[sd]?|crash\w*|falls? (?:over|down|apart)"
    r"|goes? down|blows? up"
    r"|dead|broken|scheiter\w*|fehl\w*|fällt|abst[uü]rz\w*"
    r"|kaputt|faalt|falen|klapt|misloopt|misgaat|falh\w*|quebr\w*|falla\w*|falle\w*|fallo\w*"
    r"|fallisce"
    r"|plante\w*|tombe\w*|bogue\w*|échec\w*|errore?s?|erros?|cade|truena|happens?|does it again"
    r"|passiert|pasa|blows?|incidents?)\b"
)


# Words that ask to be told in general: of failures then.
_PLAIN = re.compile(
    r"(?i)\b(?:sub\w*|alerts?|watch(?:ing)?|keep (?:me|us)|posted|in the loop|sign (?:me|us) up"
    r"|add (?:me|us)"
    r"|notif\w*|inform\w*|messages? (?:of|about|on)|updates?|news|hoogte|auf dem laufenden"
    r"|au courant|al tanto"
    r"|abonn\w*|benachrichtig\w*|follow)\b"
)
_AT_A_TIME = re.compile(
    r"(?i)\b(?:when(?:ever)?|if|once|as soon as|the (?:second|moment|minute)|until|wenn|sobald"
    r"|falls|wann"
    r"|als|zodra|cuando|si|quand|dès que|quando|se|appena|agar|jaise)\b"
)


def names_an_event(words: str) -> bool:
    """Whether the words say what has to happen, or ask to be told in general."""
    forms = (_FAILS, _ENDS, _PROBLEM, _NOT_DONE, _LATE, _LONG, _QUEUE, _MISSED, _NO_ROWS, _RUNTIME)
    if any(form.search(words) for form in forms):
        return True
    return bool(_PLAIN.search(words)) and not _AT_A_TIME.search(words)


def events_in(words: str, *, is_long: bool, is_due: bool) -> tuple[str, ...]:
    """The events that are named, in the words of the tool; failures where none is.

    `is_long`: a length was said beside it, `is_due`: a time of day.
    """
    late = bool(_NOT_DONE.search(words) or _LATE.search(words))
    misses = bool(_MISSED.search(words)) and not is_due
    queue = bool(_QUEUE.search(words))
    runtime = bool(_RUNTIME.search(words))
    long = is_long or bool(_LONG.search(words) and not queue)
    found: list[str] = []
    if misses:
        found.append("missed")
    if long:
        found.append("overlong")
    elif is_due or (late and not misses):
        found.append("deadline")
    found += ["queue"] * queue + ["runtime"] * runtime
    found += ["zero_rows"] * bool(_NO_ROWS.search(words))
    return tuple(found + _endings(words, found, is_late=late or misses or runtime))


def _endings(words: str, found: list[str], *, is_late: bool) -> list[str]:
    """A failure, or any end of a run: being told of the end covers that it failed."""
    fails = _FAILS.search(_MISSED.sub(" ", words)) is not None
    if _PROBLEM.search(words) and not found and not fails:
        return ["problems"]
    if _ENDS.search(words) and not is_late and not (found and not fails):
        return (
            ["finish"]
            if not fails or re.search(r"(?i)\bor\b|whichever|oder", words)
            else ["failures"]
        )
    return ["failures"] if fails or not found else []
