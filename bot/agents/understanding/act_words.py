"""Whether the words of a message ask for the act that it was read as, now and as it can be done.

A likeness of letters is enough for an answer, and not for an act: "retire orders" looks like
"retry orders". The words stand in the corpus, where people wanted the act; a slip of the finger
and another ending are forgiven. `python -m tests.training.act_words` reads them off anew.
"""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.agents.understanding.intents import Intent
from bot.agents.understanding.text import tokens_of

FILE = Path(__file__).with_name("act_words.json")
SHORTEST_TYPO = 4
# So many first letters of a longer word say that it is another form of it.
STEM = 6
# Verbs that questions use as well; "run" is a noun after an article or an adjective.
_PLAIN: Mapping[Intent, str] = {
    Intent.RERUN: r"(?:re)?trigger|re-?do(?:ing)?|execut\w*|wiederhol\w*|an(?:sto|wer|schmei)\w*|go"
    r"|ri?lan[cçz]\w*|relan[cçz]\w*|ejecutar|c[óo]rrel?\w*|essai|riprova|proberen"
    r"|(?<!the )(?<!that )(?<!this )(?<!last )(?<!failed )(?<!current )(?<!a )run",
    Intent.CANCEL: r"break|tak\w+ .*down|call it off|parar?|p[áa]ra|tue|m[áa]ta\w*|ammazz\w*"
    r"|arr[êe]t\w*|cort[ae]\w*|absch\w+|stop\w*|interromp\w*",
    Intent.TRIGGER_START: r"arm|encien\w+|prend\w+|reinstate|an",
    Intent.TRIGGER_STOP: r"offline|sleep|out of|ausschalt\w*|ap[áa]g\w+|d[ée]branch\w+"
    r"|desact\w+|det[ée]n\w*",
}
# What is done to a definition, a file or a server: said first, it is the wish.
_CHANGES = re.compile(
    r"(?i)(?:delet|remov|drop|truncat|creat|re-?creat|add|edit|modif|chang|renam|updat|clon|cop"
    r"|duplicat|deploy|publish|export|import|migrat|re-?schedul|increas|decreas|rais|lower|bump"
    r"|re-?build|re-?factor|re-?writ|replac|swap|merg|revert|rollback|restor|retir|archiv|purg|wip"
    r"|decommission|re-?partition|re-?index|parametri[sz]|grant|tear|install|re-?install"
    r"|re-?configur|re-?siz|scal|re-?format|re-?compil|optimi[sz]|reboot|lösch|losch|erstell|änder"
    r"|umbenenn|verschieb|supprim|crée|renomm|borr|elimin|cambi|renombr|verwijder|wijzig|hernoem"
    r"|aggiung|rinomin|exclu)(?:e|en|y|i|a|ar|er|ir|re|o)?"
)
_BEFORE_A_VERB = frozenset(
    {
        *("please", "pls", "plz", "kindly", "just", "can", "could", "would", "you", "u", "i"),
        *("we", "id", "want", "need", "to", "lets", "now", "ok", "okay", "hey", "hi", "and"),
        *("then", "so", "also", "first", "go", "ahead", "must", "should", "have", "a"),
        *("ich", "bitte", "kannst", "du", "mal", "peux", "tu", "puedes", "podes", "puoi"),
        *("por", "per", "favor", "favore", "kun", "je", "wil"),
    }
)
# Things of others: right behind the verb of an act they are what it is about.
_OTHER_THINGS = re.compile(
    r"(?i)\b(?:bot|vm|machine|server|sql|cluster|pool|warehouse|database|db|session|query|quer(?:y|ies)"
    r"|procedure|proc|notebook|node|gateway|service|app|computer|laptop|printer|meeting|deployment"
    r"|release|build|container|pod|vpn|subscription|report|dashboard|dataset|table|file|function"
    r"|datenbank|rechner|serveur|servidor|base de (?:données|datos)|macchina|base dati)s?\b"
)
_STOPS_BEFORE = re.compile(
    r"\bx(?:pipe|run|trig)\b|[,;.:!?]|\b(?:of|for|in|from|because|since|as)\b"
)
_UNDER_A_CONDITION = re.compile(
    r"(?i)(?<!from )\b(?:as soon as|once|whenever|when|unless|if|provided that|sobald|wenn|falls"
    r"|en cuanto|cuando|dès que|quand|appena|quando|assim que|zodra|als)\s+(?P<rest>.+)"
)
_NO_CONDITION = re.compile(
    r"(?i)(?:more|again|i|im|i\W?m|we|it goes|you|u|needed|necessary|that(?:'s| is) ok|ok(?:ay)?"
    r"|poss\w*|nötig|so)\b"
)
# Verbs of doing something once more, in the languages that people write in here.
_AGAIN = ("re", "ri", "retr", "wieder", "erneut", "opnieuw")
_NO_VERBS = frozenset({"revenue", "reload", "reloaded"})
_OF_BUTTON = re.compile(r"(?i)(?:rerun|run|cancel|start trigger|stop trigger)\s")
# Behind a pause or at the beginning; "would you" and "can we" are how orders are put.
_ASKS = re.compile(
    r"(?i)(?:^|[,;.!?]\s*|\bor\s+)(?:does|do|will|would|did|is|are|has|have|should|what|how|which"
    r"|who|wird|werden|würde|est-ce|was passiert|qué|cosa)\s+"
    r"(?!you\b|u\b|we\b|ya\b|about\b|not\b|it possible|there )"
    r"(?=[^,;.!?]*\?)"
)
# "Say I stop the hung one": what would follow is asked, with or without a question mark.
_SUPPOSES = re.compile(
    r"(?i)\W*(?:(?:ok|so|hey|hm+|and|n|und)\W+)*(?:say|suppos(?:e|ing)|assum(?:e|ing)|imagine"
    r"|what if|if|wenn|falls|angenommen|si|supongamos que|se)\s+"
    r"(?:i|we|some(?:one|body|1)|one|they|he|she|ich|wir|jemand|man|yo|je|on|io|alguien)\b"
)
_OVER = re.compile(r"(?i)\b(?:failed|broke|died|crashed|stopped|was|were|had|did)\b")


@lru_cache(maxsize=1)
def _words() -> Mapping[Intent, frozenset[str]]:
    read: Mapping[str, list[str]] = json.loads(FILE.read_text(encoding="utf-8"))
    return {Intent(name): frozenset(words) for name, words in read.items()}


def asks_for(intent: Intent, said: str) -> bool:
    """Whether a masked text has a word that asks for an act."""
    alike = {intent, Intent.RERUN} if intent is Intent.RERUN_FROM_FAILED else {intent}
    plain = "|".join(_PLAIN[one] for one in alike if one in _PLAIN)
    if plain and re.search(rf"(?i)\b(?:{plain})\b", said):
        return True
    words = frozenset[str]().union(*(_words()[one] for one in alike))
    return any(_is_form_of(token.word, words) for token in tokens_of(said) if token.is_word)


def changes_something(said: str) -> bool:
    """Whether a masked text begins with a verb of editing: "delete", "please rename"."""
    return _CHANGES.fullmatch(_first(said)) is not None


def begins_with(intent: Intent, said: str) -> bool:
    """Whether a masked text begins with a verb of an act: "rerun it when the gateway is back"."""
    return asks_for(intent, _first(said))


def orders_again(said: str) -> bool:
    """Whether a masked text begins with a verb that says to do a run again: "redo all of them"."""
    first = _first(said)
    is_again = first.startswith(_AGAIN) and first not in _NO_VERBS
    return is_again and asks_for(Intent.RERUN, first)


def _first(said: str) -> str:
    """The first word that is no polite beginning."""
    words = [one.word for one in tokens_of(said) if one.is_word]
    return next((one for one in words if one not in _BEFORE_A_VERB), "")


def is_about_others(intent: Intent, said: str) -> bool:
    """Whether the verb is followed by a thing that is none of ours: "restart the sql server"."""
    words = [one for one in tokens_of(said) if one.is_word]
    verb = next((one for one in words if one.word not in _BEFORE_A_VERB), None)
    if verb is None or not asks_for(intent, verb.word):
        return False
    behind = said[verb.end :]
    stop = _STOPS_BEFORE.search(behind)
    return _OTHER_THINGS.search(behind[: stop.start()] if stop else behind) is not None


def is_order_of_button(text: str) -> bool:
    """Whether a button of ours has such words for an act: a name behind others is no order."""
    return _OF_BUTTON.match(text) is not None


def only_asks(text: str) -> bool:
    """Whether a clause of it is a question about what an act does, and no polite order."""
    return _SUPPOSES.match(text) is not None or ("?" in text and _ASKS.search(text) is not None)


def is_under_a_condition(said: str) -> bool:
    """Whether it is to be done only when something else is so: "once the gateway is back"."""
    found = _UNDER_A_CONDITION.search(said)
    if found is None or len(found["rest"].split()) < 2:
        return False
    return not (_NO_CONDITION.match(found["rest"]) or _OVER.search(found["rest"]))


def begins_with_a_condition(said: str) -> bool:
    """Whether the condition stands first: what follows it may be a question as well."""
    return _UNDER_A_CONDITION.match(said.lstrip()) is not None


def _is_form_of(word: str, words: frozenset[str]) -> bool:
    if word in words:
        return True
    if len(word) < SHORTEST_TYPO:
        return False
    near = process.extractOne(
        word,
        [one for one in words if len(one) >= SHORTEST_TYPO and one[0] == word[0]],
        scorer=OSA.distance,
        score_cutoff=1,
    )
    is_alike = len(word) > STEM and any(
        len(one) >= STEM and one[:STEM] == word[:STEM] for one in words
    )
    return near is not None or is_alike
