"""A wish in full words, as a button says it; what it means is read back from them the same."""

import re

from bot.agents.understanding.entities.subscriptions import CRITICAL, EVERYTHING

ANYTHING = "anything"
_EVENTS = {
    "failures": "fails",
    "finish": "finishes",
    "missed": "does not start",
    "zero_rows": "copies 0 rows",
    "queue": "is stuck in the queue",
    "runtime": "goes offline",
    "problems": "has a problem",
}
_WAIT = re.compile(r"; wait (\d+) min")
_QUIET = re.compile(r"; quiet (\d\d:\d\d)-(\d\d:\d\d)")


def wish_words(target: str, events: str, where: str) -> str:
    """The sentence that sets what a tool takes as `events`, for a person or for the room."""
    who = "me" if where == "me" else "us"
    event = events.partition(";")[0]
    happens, when = _happens(event), "if" if event.startswith("deadline ") else "when"
    wait, quiet = _WAIT.search(events), _QUIET.search(events)
    return "".join(
        (
            f"tell {who} {when} {called(target, events)} {happens}",
            f", only if it stays red for {wait.group(1)} minutes" if wait else "",
            f", not between {quiet.group(1)} and {quiet.group(2)}" if quiet else "",
        )
    )


def as_offer(words: str) -> str:
    """The same sentence as a question to who wished it."""
    for who, whom in ((" me ", " you "), (" us ", " this room ")):
        if who in words:
            words = words.replace(who, whom, 1)
            break
    return f"{words[:1].upper()}{words[1:]}?"


def called(target: str, events: str = "") -> str:
    """What a target is called in a wish."""
    if events.startswith("runtime"):
        runtime = "integration runtime"
        return f"an {runtime}" if target == EVERYTHING else f"{runtime} {target}"
    if "*" in target:
        name = target.strip("*")
        ways = {(False, True): "starting with", (True, False): "ending with"}
        how = ways.get((target[0] == "*", target[-1] == "*"), "containing")
        return f"any pipeline {how} {name}"
    return {EVERYTHING: ANYTHING, CRITICAL: "anything critical"}.get(target, target)


def _happens(event: str) -> str:
    kind, _, limit = event.partition(" ")
    if kind == "overlong":
        length = f"{limit.removesuffix(' min')} minutes" if limit else "usual"
        return f"runs longer than {length}"
    if kind == "deadline":
        return f"isn't finished by {limit}" if limit else "misses its deadline"
    return _EVENTS[kind]
