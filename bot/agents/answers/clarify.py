"""What is asked back: a name that fits several, one that fits none, an id that is none."""

from collections.abc import Sequence

from bot.agents.answers.context import AnswerContext, kept
from bot.agents.interface import Answer
from bot.agents.understanding.entities.pipelines import nearest
from bot.agents.understanding.intents import Intent
from cards.records import Choice, Denied, Picker, Problem

MOST_CHOICES = 6
NEEDS_NAME = frozenset(
    {
        Intent.STATUS,
        Intent.WHY,
        Intent.STEPS,
        Intent.DETAILS,
        Intent.COMPARE,
        Intent.HISTORY,
        Intent.RUNS,
    }
)
ASKED_OF_SEVERAL = frozenset({Intent.STATUS})
_LISTENING = frozenset({Intent.SUBSCRIBE, Intent.UNSUBSCRIBE})
NOT_MINE = (
    "I only know Azure Data Factory: ask me for the status of a pipeline, why one failed, "
    "or what is running."
)
NOT_THAT = (
    "I can't tell that yet. I can tell how a pipeline stands, why one failed, what is running, "
    "how it goes over time, and whether an error occurred before."
)

NO_SECRETS = (
    "I cannot show secrets, keys or my instructions: secrets are masked before I see them, "
    "and what is masked stays so for everybody."
)
_ONLY_SAID = {
    Intent.DISMISSED: "Fine.",
    Intent.NOTHING: NOT_MINE,
    Intent.LATER: NOT_THAT,
}


def asked_back(turn: AnswerContext) -> Answer | None:
    """The answer to a question that no tool should be called for; None when one should."""
    meant, text = turn.meant, turn.question.text
    if turn.intent is Intent.HIDDEN:
        return kept(turn, Denied(asked=text, happened=NO_SECRETS))
    if turn.intent in _ONLY_SAID:
        return kept(turn, text=_ONLY_SAID[turn.intent])
    if meant.where.unknown:
        return kept(turn, _no_factory(turn, meant.where.unknown))
    if meant.bad_run_id:
        return kept(turn, _no_run_id(meant.bad_run_id, text))
    if turn.intent in NEEDS_NAME and not meant.run_id:
        return _unnamed(turn)
    if turn.intent is Intent.TREND and meant.refers_back and turn.pipeline is None:
        return kept(turn, _picker(turn) if turn.unclear else _no_pipeline(turn))
    several = turn.unclear and turn.pipeline is None
    about = {Intent.TREND, Intent.FAILURES, *_LISTENING}
    return kept(turn, _picker(turn)) if several and turn.intent in about else None


def _unnamed(turn: AnswerContext) -> Answer | None:
    """What is asked back when it is not clear which pipeline, or what about it, is meant."""
    if turn.meant.found.doubt:
        return kept(turn, _no_pipeline(turn))
    if turn.pipeline and turn.unclear:
        return kept(turn, _which_place(turn))
    if turn.pipeline and not _is_there(turn):
        return kept(turn, _not_there(turn))
    if turn.unclear:
        told = turn.intent in ASKED_OF_SEVERAL or (
            turn.meant.found.each and turn.intent is not Intent.COMPARE
        )
        few = len(turn.unclear) <= MOST_CHOICES and turn.meant.found.names
        return None if told and few else kept(turn, _picker(turn))
    if turn.pipeline is None:
        return kept(turn, _no_pipeline(turn))
    return kept(turn, _ways_on(turn.pipeline)) if turn.meant.lost else None


def _is_there(turn: AnswerContext) -> bool:
    """Whether the factory that was said has the pipeline."""
    holders = {one.factory for one in turn.pipelines if one.name == turn.pipeline}
    return turn.meant.where.alias is None or turn.meant.where.alias in holders


def nothing_to_compare(turn: AnswerContext) -> Problem:
    """There are no two runs that could be held against each other."""
    return Problem(
        area="window",
        asked=turn.question.text,
        happened=f"{turn.pipeline} has no two runs there to hold against each other.",
        mend="Ask about another time, or about another pipeline.",
        who="you",
    )


def which_factory(turn: AnswerContext) -> Picker:
    """Which factory a room should be about."""
    choices = tuple(
        Choice(title=alias, question=f"bind this room to {alias}")
        for alias in turn.question.factories
    )
    return Picker(question="Which factory should this room be about?", choices=choices)


def which_target(turn: AnswerContext) -> Picker:
    """Of what somebody wants to be told."""
    verb = "unsubscribe from" if turn.intent is Intent.UNSUBSCRIBE else "subscribe to failures of"
    names = turn.unclear[:MOST_CHOICES] or ("everything", "critical pipelines")
    choices = tuple(Choice(title=name, question=f"{verb} {name}") for name in names)
    return Picker(question="Which pipeline do you mean?", choices=choices)


def which(question: str, names: Sequence[str], intent: Intent) -> Picker:
    """A question back with pipelines to choose from."""
    asking = "why did {} fail" if intent is Intent.WHY else "status of {}"
    choices = tuple(Choice(title=name, question=asking.format(name)) for name in names)
    return Picker(question=question, choices=choices)


def _picker(turn: AnswerContext) -> Picker:
    names = turn.unclear[:MOST_CHOICES]
    if turn.intent in _LISTENING:
        return which_target(turn)
    return which(f"Which pipeline do you mean by “{turn.question.text}”?", names, turn.intent)


def _which_place(turn: AnswerContext) -> Picker:
    """The same name in several factories, and nothing that chooses between them."""
    asking = "why did {} fail in {}" if turn.intent is Intent.WHY else "status of {} in {}"
    choices = tuple(
        Choice(title=alias, question=asking.format(turn.pipeline, alias)) for alias in turn.unclear
    )
    return Picker(question=f"In which factory: {turn.pipeline}?", choices=choices)


def _ways_on(pipeline: str) -> Picker:
    return Picker(
        question=f"I am not sure what you want to know about {pipeline}.",
        choices=(
            Choice(title="Status", question=f"status of {pipeline}"),
            Choice(title="Why did it fail", question=f"why did {pipeline} fail"),
            Choice(title="What is running", question="what is running"),
        ),
    )


def _no_pipeline(turn: AnswerContext) -> object:
    """Nothing in the text is a known pipeline: the nearest names, never a default."""
    names = nearest(turn.question.text, [one.name for one in turn.pipelines])
    if turn.meant.refers_back:
        return which("Which pipeline do you mean?", names, turn.intent)
    return _no_name(turn, "No pipeline of this factory has such a name.", names)


def _not_there(turn: AnswerContext) -> Problem:
    alias = turn.meant.where.alias
    names = nearest(turn.pipeline or "", [p.name for p in turn.pipelines if p.factory == alias])
    return _no_name(turn, f"{alias} has no pipeline {turn.pipeline}.", names)


def _no_name(turn: AnswerContext, happened: str, names: Sequence[str]) -> Problem:
    return Problem(
        area="name",
        asked=turn.question.text,
        happened=happened,
        mend="Choose one of the nearest names, or write it as Data Factory has it.",
        who="you",
        choices=which("", names, turn.intent).choices,
    )


def _no_factory(turn: AnswerContext, said: str) -> Problem:
    return Problem(
        area="name",
        asked=turn.question.text,
        happened=f"I know no factory {said} here.",
        mend=f"Ask about {' or '.join(turn.question.factories)}.",
        who="you",
    )


def _no_run_id(said: str, asked: str) -> Problem:
    return Problem(
        area="input",
        asked=asked,
        happened=f"{said} is not a valid run id.",
        mend="A full run id has 36 characters, like 0f8fad5b-d9cb-469f-a165-70867728950e. "
        "Studio shows it under Monitor, Pipeline runs.",
        who="you",
    )
