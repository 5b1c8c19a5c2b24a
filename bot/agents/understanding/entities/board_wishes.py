"""What somebody wants of the live board: put up or posted again, or taken down."""

import re
from enum import StrEnum

_BOARD = (
    r"(?:\w*board\w*|\w*bord\w*|dash\w*|\w*tafel\w*|anzeige|panel\w*|panneau|tablero|tabellone"
    r"|tableau|painel|pannello|quadro|cruscotto|wall ?view|screen|card|message|tile|view|it|that)"
)
# A word that ends it, with the board close by, so that "so people stop asking" ends nothing.
_END = (
    r"(?:take (?:it |that |the )?(?:down|away|off)|tak(?:e|ing) down|remov\w+|delet\w+|stop\w*"
    r"|switch(?:ing)? off|turn(?:ing)? off|kill|drop|clos\w+|end|get rid of|entfern\w*|weg"
    r"|hid(?:e|ing)|clear|disabl\w+|cancel\w*|unpin|scrap|bin|lose|ditch|dismiss|wipe|done with"
    r"|lösch\w*|abschalt\w*|quita\w*|borra\w*|tira\w*|remove\w*|rimuov\w*|togli\w*|enl[eè]ve\w*"
    r"|retire\w*|supprime\w*|verwijder\w*|haal|hatao)"
)
_ENDS = (
    re.compile(rf"(?i)\b{_END}\b(?:\W+\w+){{0,2}}?\W+{_BOARD}\b"),
    re.compile(r"(?i)\b(?:take|turn|switch|shut)\b(?:\W+\w+){0,3}?\W+(?:down|off|away)\b"),
    re.compile(rf"(?i)\b{_BOARD}\b(?:\W+\w+){{0,4}}?\W+(?:weg|off|hatao)\b"),
)
_UNWANTED = re.compile(
    r"(?i)\b(?:do(?:es)?(?:n['’]?t| not)|don['’]?t|not|no longer|without|never|kein\w*|nicht|geen"
    r"|niet|pas|sin|senza|sem)\b"
)
# "stop asking", "don't need to ask" and the like say why it is wanted.
_WHY = re.compile(
    r"(?i)\b(?:stop|don['’]?t (?:make|have|need)|not have|rather than|instead of|without)\s+"
    r"(?:me |us |them |people |having )?(?:to )?(?:ask|need|post|feed|preguntar|perguntar)\w*"
    r"|\b(?:doesn['’]?t|does not) need\b"
)


class BoardWish(StrEnum):
    """What is wanted; UNSURE where its words speak for both."""

    SHOW = "show"
    STOP = "stop"
    UNSURE = "unsure"


def board_wish_in(text: str) -> BoardWish:
    """Read the wish; a negation without a word that ends it is for a person to clear up."""
    said = _WHY.sub(" ", text)
    if any(one.search(said) for one in _ENDS):
        return BoardWish.STOP
    return BoardWish.UNSURE if _UNWANTED.search(said) else BoardWish.SHOW
