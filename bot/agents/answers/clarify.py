"""What is asked back: ambiguous names, unknown names, ids that are none, likely readings."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from adf.errors import AdfError
from adf.records import ACTIVE, BROKEN
from bot.agents.answers.context import AnswerContext, asked_back, said
from bot.agents.interface import Answer
from bot.agents.understanding.act_words import asks_for, only_asks
from bot.agents.understanding.certainty import SURELY
from bot.agents.understanding.entities.pipelines import nearest
from bot.agents.understanding.exact import question_for
from bot.agents.understanding.intents import ACTS, CHANGES, OF_ONE, PROPOSED, Intent
from cards.records import Choice, Picker, Problem

YES = "Yes"
OTHERWISE = "Something else"
MOST_CHOICES = 6
MOST_READINGS = 3
# So likely, something that changes what the bot does or knows is offered beside other readings.
LIKELY = 0.15
ASKED_OF_SEVERAL = frozenset(
    {Intent.STATUS_ONE, Intent.WHY, Intent.OVERVIEW, Intent.PIPELINES_LIST, Intent.LAST_TIME}
)
_OF_INCIDENT: Mapping[Intent, str] = {
    Intent.ACK: "acknowledge {}",
    Intent.ASSIGN: "assign {} to me",
    Intent.RESOLVE: "close {}",
    Intent.MUTE: "mute {} for 60 minutes",
    Intent.UNMUTE: "unmute {}",
    Intent.INCIDENT_STATUS: "status of {}",
}
_LISTENING = frozenset({Intent.SUBSCRIBE, Intent.UNSUBSCRIBE})
# Asked of any pipeline, whether it failed or not.
_OF_RUNS = frozenset({Intent.RERUN, Intent.RERUN_FROM_FAILED, Intent.CANCEL})
_WHATEVER_IT_DID = frozenset({Intent.IMPACT, Intent.DESCRIBE})
PRESS = (
    "I can't take a typed yes as approval. Press the button on the proposal card above; “Do "
    "nothing” withdraws it."
)
NOT_UNDERSTOOD = "I'm not sure what you want to know. Did you mean:"
NOT_SURE_OF = "I'm not sure what you mean by “{}”. Did you mean:"
NO_READING = (
    "I didn't understand that. Ask me about the status of a pipeline, why one failed, what is "
    "running, or a trend."
)


def unclear(turn: AnswerContext) -> Answer | None:
    """What has to be asked back before anything is looked up; None when nothing has."""
    slots = turn.frame.slots
    if slots.factory.unknown:
        return asked_back(turn, _no_factory(turn, slots.factory.unknown))
    if slots.bad_run:
        return asked_back(turn, _no_run_id(slots.bad_run, turn.question.text))
    if slots.unknown and not slots.pipelines and not _is_strange(turn):
        return asked_back(turn, no_such_name(turn, slots.unknown[0]))
    if turn.pipeline and turn.unclear and turn.intent not in _LISTENING:
        return asked_back(turn, _which_place(turn))
    if turn.pipeline and not _is_there(turn):
        return asked_back(turn, _not_there(turn))
    if turn.unclear and not turn.pipeline and not _is_for_several(turn):
        return asked_back(turn, _picker(turn))
    if turn.subject.missing:
        return asked_back(turn, _which_of_all(turn))
    return None


def _is_strange(turn: AnswerContext) -> bool:
    """Whether nothing of a text was understood, and its strange words are no names: a language."""
    words = turn.frame.slots.unknown
    is_plain = len(words) > 1 and all(word.isalpha() and word.islower() for word in words)
    return is_plain and turn.intent is Intent.UNCLEAR


def _is_for_several(turn: AnswerContext) -> bool:
    """Whether several pipelines are answered at once: those that were named, or a few that fit."""
    if turn.intent in {Intent.PIPELINES_LIST, Intent.FAILURES_LIST}:  # all that fit are listed
        return True
    if turn.frame.slots.each and turn.intent is not Intent.COMPARE:
        return turn.intent in ASKED_OF_SEVERAL
    return turn.intent is Intent.STATUS_ONE and len(turn.unclear) <= MOST_CHOICES


def readings(turn: AnswerContext, without: Collection[Intent] = (), wish: str = "") -> Answer:
    """The likeliest readings as buttons in full words; one press answers.

    `wish` is what is to be told, in full words, should the text be a wish.
    """
    if _may_be_approval(turn):
        return said(turn, PRESS, sure=False)
    subject = turn.pipeline or (turn.unclear[0] if len(turn.unclear) == 1 else None)
    choices: list[Choice] = []
    for intent in turn.frame.others(2 * MOST_READINGS):
        if not _may_be_offered(turn, intent):
            continue
        about = None if intent is Intent.RUNTIME_STATUS else subject or _recent(turn)
        question = _worded(turn, intent, wish) or question_for(intent, about)
        if intent not in without and question and question not in {one.question for one in choices}:
            choices.append(Choice(title=_as_title(question), question=question))
    if not choices:
        return replace(asked_back(turn, text=NO_READING), is_open=True)
    is_half = turn.frame.text not in turn.question.text[: len(turn.frame.text)]
    question = NOT_SURE_OF.format(turn.frame.text) if is_half else NOT_UNDERSTOOD
    picker = Picker(question=question, choices=tuple(choices[:MOST_READINGS]))
    return replace(asked_back(turn, picker), is_open=True)


def _may_be_approval(turn: AnswerContext) -> bool:
    """Whether a proposal waits, and the words may want to approve it without its button."""
    likely = sum(one.probability for one in turn.frame.readings if one.intent is Intent.AFFIRM)
    return bool(turn.question.memory.get("proposal")) and likely >= LIKELY


def _may_be_offered(turn: AnswerContext, intent: Intent) -> bool:
    """Whether a reading may be a button; one that changes something needs more than a guess.

    An act on Data Factory is offered where its words were said, and not only to ask about it.
    """
    if intent in PROPOSED:
        return asks_for(intent, turn.frame.masked) and not only_asks(turn.question.text)
    if intent not in ACTS | CHANGES or intent is turn.intent:
        return True
    return any(one.intent is intent and one.probability >= LIKELY for one in turn.frame.readings)


def _worded(turn: AnswerContext, intent: Intent, wish: str) -> str | None:
    """A reading about the incident that is named, or of what was wished; None for all others."""
    incident = turn.frame.slots.incident
    if intent is Intent.SUBSCRIBE and wish:
        return wish
    return _OF_INCIDENT[intent].format(incident) if incident and intent in _OF_INCIDENT else None


def _recent(turn: AnswerContext) -> str | None:
    """The pipeline of the conversation, for a reading that leans on it and names nothing."""
    known = turn.question.memory.get("pipeline")
    return str(known) if known and turn.frame.follows else None


def _as_title(question: str) -> str:
    return question[0].upper() + question[1:]


def _is_there(turn: AnswerContext) -> bool:
    """Whether the factory that was said has the pipeline."""
    holders = {one.factory for one in turn.pipelines if one.name == turn.pipeline}
    alias = turn.frame.slots.factory.alias
    return alias is None or alias in holders


def nothing_to_compare(turn: AnswerContext) -> Problem:
    """There are no two runs that could be held against each other."""
    return Problem(
        area="window",
        asked=turn.question.text,
        happened=f"{turn.pipeline} has no two runs there that I could compare.",
        fix="Ask about another time, or about another pipeline.",
        who="",
    )


def which_factory(turn: AnswerContext) -> Picker:
    """Which factory a room should be about."""
    choices = tuple(
        Choice(title=alias, question=f"link this channel to {alias}")
        for alias in turn.question.factories
    )
    return Picker(question="Which factory should this channel be linked to?", choices=choices)


def which_target(turn: AnswerContext) -> Picker:
    """Of what somebody wants to be told."""
    verb = "unsubscribe from" if turn.intent is Intent.UNSUBSCRIBE else "subscribe to failures of"
    names = turn.unclear[:MOST_CHOICES] or ("everything", "critical pipelines")
    choices = tuple(Choice(title=name, question=f"{verb} {name}") for name in names)
    return Picker(question="Which pipeline do you mean?", choices=choices)


def which(question: str, names: Sequence[str], intent: Intent) -> Picker:
    """A question back with pipelines to choose from."""
    choices = tuple(Choice(title=name, question=_asking(intent, name)) for name in names)
    return Picker(question=question, choices=choices)


def _picker(turn: AnswerContext) -> Picker:
    names = turn.unclear[:MOST_CHOICES]
    if turn.intent in _LISTENING:
        return which_target(turn)
    return which("Which pipeline do you mean?", names, turn.intent)


def _asking(intent: Intent, name: str) -> str:
    """The question about one pipeline, in the words of a button."""
    usual = intent if intent in OF_ONE | PROPOSED | {Intent.OWNER} else Intent.STATUS_ONE
    return question_for(usual, name) or f"status of {name}"


def _which_place(turn: AnswerContext) -> Picker:
    """The same name in several factories, and nothing that chooses between them."""
    asking = _asking(turn.intent, turn.pipeline or "")
    choices = tuple(Choice(title=alias, question=f"{asking} in {alias}") for alias in turn.unclear)
    return Picker(question=f"In which factory: {turn.pipeline}?", choices=choices)


def _which_of_all(turn: AnswerContext) -> Picker | Problem:
    """Which pipeline is meant, where none was named: those that were listed, or the nearest."""
    listed = [str(one) for one in turn.question.memory.get("listed") or ()]
    known = [one.name for one in turn.pipelines]
    names = listed or list(nearest(turn.question.text, known))
    return which("Which pipeline do you mean?", names[:MOST_CHOICES], turn.intent)


def nothing_was_said(turn: AnswerContext) -> bool:
    """Whether a question leans on what was talked about, and nothing was."""
    memory = turn.question.memory
    known = any(memory.get(one) for one in ("pipeline", "listed"))
    is_named = turn.frame.slots.names_something or turn.frame.slots.ignored
    of_any = turn.settled and turn.intent in _WHATEVER_IT_DID
    return not known and not is_named and turn.intent in OF_ONE | _OF_RUNS and not of_any


async def which_stands_out(turn: AnswerContext) -> Answer:
    """Which pipeline is meant, of those that failed or run now; where none does, of all.

    What runs is all that can be canceled.
    """
    try:
        newest = await turn.runs(latest_only=True)
    except AdfError:
        return asked_back(turn, _which_of_all(turn))
    ranked = sorted(newest.runs, key=lambda run: run.status not in BROKEN)
    standing = {*ACTIVE} if turn.intent is Intent.CANCEL else {*BROKEN, *ACTIVE}
    names = list(dict.fromkeys(run.pipeline for run in ranked if run.status in standing))
    if not names:
        return asked_back(turn, _which_of_all(turn))
    picker = which("Which pipeline do you mean?", names[:MOST_CHOICES], turn.intent)
    return asked_back(turn, picker)


def no_such_name(turn: AnswerContext, name: str) -> Problem:
    """Nothing is called so; the nearest names to choose from."""
    names = nearest(name, [one.name for one in turn.pipelines])
    place = f" in {turn.factory}" if turn.factory else ""
    return _no_name(turn, f"I don't know a pipeline called {name}{place}.", names)


def _not_there(turn: AnswerContext) -> Problem:
    alias = turn.frame.slots.factory.alias
    names = nearest(turn.pipeline or "", [p.name for p in turn.pipelines if p.factory == alias])
    return _no_name(turn, f"{alias} has no pipeline {turn.pipeline}.", names)


def _no_name(turn: AnswerContext, happened: str, names: Sequence[str]) -> Problem:
    # A guessed order of a name that nothing has is no order about what is alike.
    is_guess = turn.intent in PROPOSED and turn.frame.confidence < SURELY
    return Problem(
        area="name",
        asked=turn.question.text,
        happened=happened,
        fix="Pick a similar name, or type it as it appears in Data Factory.",
        who="",
        choices=which("", names, Intent.STATUS_ONE if is_guess else turn.intent).choices,
    )


def _no_factory(turn: AnswerContext, said: str) -> Problem:
    return Problem(
        area="name",
        asked=turn.question.text,
        happened=f"I don't know a factory called {said} here.",
        fix=f"Ask about {' or '.join(turn.question.factories)}.",
        who="",
    )


def _no_run_id(said: str, asked: str) -> Problem:
    return Problem(
        area="input",
        asked=asked,
        happened=f"{said} is not a valid run id.",
        fix="A run id has 36 characters: Studio shows it under Monitor, Pipeline runs.",
        who="",
    )


def to_confirm(
    turn: AnswerContext, question: str, words: str, *, instead: str, others: Sequence[Choice] = ()
) -> Answer:
    """Ask whether that was meant; a press on Yes says `words` in the name of who presses.

    `others` are further readings that are likely too, `instead` is asked where none of them fits.
    """
    more = (*others, Choice(title=OTHERWISE, question=instead))
    picker = Picker(question=question, choices=(Choice(title=YES, question=words), *more))
    back = asked_back(turn, picker)
    # A yes that is typed may answer somebody else, so it picks nothing.
    choices = [[one.title, one.question] for one in more]
    return replace(back, memory={**back.memory, "choices": choices, "unconfirmed": words})
