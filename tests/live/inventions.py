"""Tells whether a sentence says something that the shown records do not: the judge of live runs.

It shares nothing with the product's own filter. It looks at words, not at records: each figure and
each name must stand in the text of the records, a verdict must stand in a line about the same name,
and a reason must share its words.
"""

import re
from collections.abc import Iterator

GOOD = frozenset(
    [
        "succeeded",
        "success",
        "successful",
        "successfully",
        "healthy",
        "fine",
        "green",
        "ok",
        "okay",
        "completed",
        "resolved",
        "fixed",
        "recovered",
        "well",
        "harmless",
        "online",
        "passed",
        "clean",
    ]
)
BAD = frozenset(
    [
        "failed",
        "fail",
        "fails",
        "failing",
        "failure",
        "failures",
        "broken",
        "broke",
        "red",
        "error",
        "errors",
        "crashed",
        "offline",
        "unhealthy",
        "aborted",
        "cancelled",
    ]
)
ACTIVE = frozenset(["running", "queued", "waiting", "executing", "progress", "inprogress"])
NEGATIONS = frozenset(
    [
        "not",
        "no",
        "never",
        "without",
        "nothing",
        "none",
        "neither",
        "isn't",
        "hasn't",
        "didn't",
        "wasn't",
    ]
)
REASONS = re.compile(
    r"\b(?:because(?: of)?|due to|caused by|reason is|as a result of)\b(.*)", re.IGNORECASE
)
NUMBER_WORDS = {
    w: n
    for n, w in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    )
}
SECONDS = {
    "s": 1,
    "second": 1,
    "seconds": 1,
    "min": 60,
    "minute": 60,
    "minutes": 60,
    "h": 3600,
    "hour": 3600,
    "hours": 3600,
    "day": 86400,
    "days": 86400,
}


def inventions(sentence: str, truth: str) -> list[str]:
    """What of the sentence stands nowhere in the truth; empty where all of it does."""
    return [
        *_figures(sentence, truth),
        *_names(sentence, truth),
        *_verdicts(sentence, truth),
        *_reasons(sentence, truth),
    ]


def _figures(sentence: str, truth: str) -> Iterator[str]:
    known = set(re.findall(r"\d+(?::\d\d)?", truth.replace(",", "")))
    plain = sentence.replace(",", "")
    parts = re.findall(r"[A-Za-z]+|\d+(?::\d\d)?|\S", plain)
    yield from _counts(plain, truth.replace(",", ""))
    for place, part in enumerate(parts):
        if not part[0].isdigit() or part in known or part.lstrip("0") in known:
            continue
        unit = parts[place + 1].lower() if place + 1 < len(parts) else ""
        if ":" in part and _is_shifted(part, known, "utc" in plain.lower()):
            continue
        if unit in SECONDS and _is_about(int(part) * SECONDS[unit], SECONDS[unit], known):
            continue
        yield part
    for word in re.findall(r"[a-z]+", plain.lower()):
        if NUMBER_WORDS.get(word, 1) > 1 and str(NUMBER_WORDS[word]) not in known:
            yield word


def _counts(sentence: str, truth: str) -> Iterator[str]:
    """Counts of what the truth counts too: there it must be the same number."""
    for number, noun in re.findall(r"\b(\d+) ([a-z]{4,})", sentence.lower()):
        counted = re.findall(rf"\b(\d+) {noun}", truth.lower())
        if noun not in SECONDS and counted and number not in counted:
            yield f"{number} {noun}"


def _is_shifted(clock: str, known: set[str], is_utc: bool) -> bool:
    hour, minute = clock.split(":")
    local = {f"{(int(hour) + shift) % 24:02}:{minute}" for shift in ((1, 2) if is_utc else (0,))}
    return bool(local & known)


def _is_about(seconds: int, unit: int, known: set[str]) -> bool:
    return any(abs(int(one) - seconds) <= unit for one in known if one.isdigit() and int(one) > 59)


def _names(sentence: str, truth: str) -> Iterator[str]:
    letters = re.sub(r"[^a-z0-9]", "", truth.lower())
    quoted = re.findall(r"[`\"“]([^`\"”]{3,60})[`\"”]", sentence)
    spelled = re.findall(r"\b(?:\w+_\w+|[A-Z]?[a-z]+[A-Z]\w*|[A-Z]{2,}[a-z]\w+)\b", sentence)
    for one in (*quoted, *spelled):
        if re.sub(r"[^a-z0-9]", "", one.lower()) not in letters:
            yield one


def _verdicts(sentence: str, truth: str) -> Iterator[str]:
    lines = truth.splitlines()
    names = [
        one for one in re.findall(r"\w+", sentence) if "_" in one or re.search("[a-z][A-Z]", one)
    ]
    about = [line for line in lines if any(name.lower() in line.lower() for name in names)]
    words = {one for line in about or lines for one in re.findall(r"[a-z']+", line.lower())}
    said = re.findall(r"[a-z']+", sentence.lower().replace("’", "'"))
    if {"all", "everything", "nothing", "every"} & set(said) and GOOD & set(said) and words & BAD:
        yield "all"
    for place, word in enumerate(said):
        group = next((one for one in (GOOD, BAD, ACTIVE) if word in one), None)
        if group is None:
            continue
        is_denied = bool(NEGATIONS & set(said[max(0, place - 4) : place]))
        if is_denied and group is BAD and words & BAD:
            yield f"not {word}"
        elif not is_denied and not words & group and not _is_wish(said[:place]):
            yield word


def _is_wish(before: list[str]) -> bool:
    return bool(
        {"if", "once", "until", "must", "should", "to", "when", "may", "can"} & set(before[-4:])
    )


def _reasons(sentence: str, truth: str) -> Iterator[str]:
    found = REASONS.search(sentence)
    if found is None:
        return
    stems = {one[:5] for one in re.findall(r"[a-z]{5,}", truth.lower())}
    said = {one[:5] for one in re.findall(r"[a-z]{5,}", found[1].lower())}
    if said and len(said & stems) * 3 < len(said):
        yield f"reason: {found[1].strip()}"
