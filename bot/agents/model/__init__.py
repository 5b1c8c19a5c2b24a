"""The tool loop: a language model asks for tools step by step until it has its answer.

agent          answers a question: puts the parts of a turn together
conversation   one question in its conversation, restarted where that helps; and the answer
loop           the steps of a turn, within its limits
options        limits and settings of turns
types          what passes between loop, service and answer
history        the saved state of a conversation
prompt         the facts and the question as the first message
facts/         what a model is told of each record
tool_schemas   the tools that are declared to a model
proposals      only what the person's own message asks for may be proposed
tool_calls     calls made, each once, results as text
remote_tools   functions of other MCP servers, and what people decided of them
arguments      the arguments of a call, read as they were meant
request        what every request to a model repeats
routing        an unsure question's first step: the model chooses a tool
borne_out      whether the question bears that choice out
spoken         what of a text is speech, and the calls that stand in it
sentences      a text as sentences, with the records they cite
claims         what a sentence claims: names, ids, states, a cause
figures        the figures of a text: times, dates, durations, numbers
evidence       what the records of a turn say
verification   only what the records bear out is shown
answer_size    how much of a model's answer is read at all
output         the words on their way to a person; which records are shown
errors         kinds of failure, each with its sentence
retry          repeats a step where that is safe
endpoints      where a model is served
lazy_client    opens a service at its first use
client         loads the SDK in a thread, and probes a model (imports the SDK)
responses      a step over the Responses protocol (imports the SDK)
stream         reads the events of a streamed response
sdk_errors     the SDKs' errors as kinds of failure (imports the SDK)
"""

from bot.agents.model.agent import THINKING, ModelAgent
from bot.agents.model.errors import FailureKind, ModelFailure, not_whole, sentence_of
from bot.agents.model.options import ModelOptions, TurnLimits
from bot.agents.model.types import ModelAnswer, Traced

__all__ = [
    "THINKING",
    "FailureKind",
    "ModelAgent",
    "ModelAnswer",
    "ModelFailure",
    "ModelOptions",
    "Traced",
    "TurnLimits",
    "not_whole",
    "sentence_of",
]
