"""A wish in plainer words, where its own hide what it is: a pattern, a denial, a runtime's name."""

import re
from collections.abc import Iterator

from bot.agents.understanding.entities.patterns import with_anything
from bot.agents.understanding.entities.schedules import quiet_hours_in, wait_in

_VERB = r"(?:tell|ping|alert|notify|message|inform|bother|spam|dm|annoy|write(?: to)?|send(?: to)?)"
_DENIED = re.compile(
    rf"(?i)\b(?:please\s+)?(?:do not|don['’]?t|dont|never)\s+(?:ever\s+)?{_VERB}(?=\s+(?:me|us)\b)"
)
_UNWANTED = re.compile(
    r"(?i)\b(?:i|we)\s+(?:do not|don['’]?t|dont)\s+(?:want|wanna|need)\s+(?:to\s+)?"
    r"(?:hear|know|be told|get \w+|see \w+)(?=\s+(?:about|of|from)\b)"
)
_STATE = (
    r"(?:goes|go|is|gets|becomes|drops|falls)\s+(?:off ?line|down|away|out|unavailable|unreachable)"
    r"|dies|drops|disconnects|goes off"
)
# Begins where no other name can, so that a long text is read once.
_NAME = r"(?<![\w-])(?=[^\W\d_]{0,80}[-_\d])\w[\w-]{0,120}(?![\w-])"
_RUNTIME = re.compile(
    rf"(?i)(?:the\s+)?(?:(?:self-hosted\s+)?(?:integration\s+)?runtimes?\s+|shir\s+|ir\s+|gateway\s+)?"
    rf"(?P<name>{_NAME})\s+(?:runtime\s+)?(?=(?:{_STATE})\b)"
)
_FORM = re.compile(
    r"(?i)^\W*(?:(?:please|pls|kindly|can you|could you|would you|hey|ok(?:ay)?|and|also)\W+)*"
    r"(?:tell|let|ping|alert|notify|warn|wake|message|dm|inform|shout at)\s+"
    r"(?:me|us|this (?:channel|room)|the (?:team|channel|room)|our \w+)(?:\s+know)?\s+"
    r"(?:when(?:ever)?|once|as soon as|each time|every time)\b"
)
_ASKS = re.compile(r"(?i)\b(?:will|would|was|were|did|has|have|had|last|next|should|going to)\b")


def other_words(text: str, *, names_pipeline: bool) -> Iterator[str]:
    """The same wish in plainer words, the likeliest first; nothing where there are none."""
    broad = with_anything(text)
    if broad:
        yield broad
    for one in (broad, text):
        plain = _without_conditions(one or "")
        if plain and plain != one:
            yield plain
    for form, plain in ((_DENIED, "stop telling"), (_UNWANTED, "stop telling me")):
        if form.search(text):
            yield form.sub(plain, text)
    if not names_pipeline and _RUNTIME.search(text):
        yield _RUNTIME.sub("an integration runtime ", text, count=1)


def _without_conditions(text: str) -> str:
    """The text without how long it has to stand and in which hours nothing is told."""
    for cut_out in (wait_in, quiet_hours_in):
        _, text = cut_out(text)
    return text.strip(" ,;.")


def runtime_in(text: str) -> str | None:
    """The name of a runtime that goes offline, as it was written; None where none was."""
    found = _RUNTIME.search(text)
    return found.group("name") if found else None


def looks_like_a_wish(text: str) -> bool:
    """Whether it begins as a wish for the time to come does: "let us know whenever ..."."""
    return bool(_FORM.search(text)) and not _ASKS.search(text)
