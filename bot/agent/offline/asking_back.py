"""What is asked back: a name that fits several, one that fits none, an id that is none."""

from collections.abc import Sequence

from bot.agent.interface import Answer
from bot.agent.offline.names import nearest
from bot.agent.offline.talk import Talk, kept
from bot.agent.offline.understanding import Intent
from cards.records import Choice, Picker, Trouble

MOST_CHOICES = 6
WITHOUT_NAME = frozenset({Intent.RUNNING, Intent.FAILURES, Intent.HELP})
NOT_MINE = (
    "I only know Azure Data Factory: ask me for the status of a pipeline, why one failed, "
    "or what is running."
)
NOT_YET = (
    "I can read, not act, so far: no run was started, stopped or changed. "
    "Ask me for a status, for the reason of a failure, or for what is running."
)


def asked_back(turn: Talk) -> Answer | None:
    """The answer to a question that no tool should be called for; None when one should."""
    meant, text = turn.meant, turn.question.text
    if meant.intent in {Intent.NOTHING, Intent.ACT}:
        said = NOT_MINE if meant.intent is Intent.NOTHING else NOT_YET
        return Answer(text=said, memory=turn.question.memory, sure=False)
    if meant.bad_run_id:
        return kept(turn, _no_run_id(meant.bad_run_id, text))
    if meant.intent in WITHOUT_NAME or meant.run_id:
        return None
    if len(meant.found.names) > 1:
        names = meant.found.names[:MOST_CHOICES]
        return kept(turn, _which(f"Which pipeline do you mean by “{text}”?", names, meant.intent))
    if turn.pipeline is None and meant.intent is not Intent.TREND:
        return kept(turn, _no_pipeline(turn))
    if turn.pipeline is None:
        return None
    if not meant.sure:
        return kept(turn, _ways_on(turn.pipeline))
    return None


def nothing_to_compare(turn: Talk) -> Trouble:
    return Trouble(
        area="window",
        asked=turn.question.text,
        happened=f"{turn.pipeline} has no two runs there to hold against each other.",
        mend="Ask about another time, or about another pipeline.",
        who="you",
    )


def _which(question: str, names: Sequence[str], intent: Intent) -> Picker:
    asking = "why did {} fail" if intent is Intent.WHY else "status of {}"
    choices = tuple(Choice(title=name, question=asking.format(name)) for name in names)
    return Picker(question=question, choices=choices)


def _ways_on(pipeline: str) -> Picker:
    return Picker(
        question=f"I am not sure what you want to know about {pipeline}.",
        choices=(
            Choice(title="Status", question=f"status of {pipeline}"),
            Choice(title="Why did it fail", question=f"why did {pipeline} fail"),
            Choice(title="What is running", question="what is running"),
        ),
    )


def _no_pipeline(turn: Talk) -> object:
    """Nothing in the text is a known pipeline: the nearest names, never a default."""
    names = nearest(turn.question.text, [one.name for one in turn.pipelines])
    if turn.meant.refers_back:
        return _which("Which pipeline do you mean?", names, turn.meant.intent)
    return Trouble(
        area="name",
        asked=turn.question.text,
        happened="No pipeline of this factory has such a name.",
        mend="Choose one of the nearest names, or write it as Data Factory has it.",
        who="you",
        choices=_which("", names, turn.meant.intent).choices,
    )


def _no_run_id(said: str, asked: str) -> Trouble:
    return Trouble(
        area="input",
        asked=asked,
        happened=f"{said} is not a valid run id.",
        mend="A full run id has 36 characters, like 0f8fad5b-d9cb-469f-a165-70867728950e. "
        "Studio shows it under Monitor, Pipeline runs.",
        who="you",
    )
