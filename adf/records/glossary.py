"""The words people read: nouns with their plurals, and what the product says in place of what.

`tests/architecture/test_user_words.py` holds every sentence of the product against it.
"""

from collections.abc import Mapping, Sequence

# A compound takes the plural of its last word: "activity run", "activity runs".
_PLURALS: Mapping[str, str] = {
    "activity": "activities",
    "entry": "entries",
    "factory": "factories",
    "query": "queries",
    "retry": "retries",
    "hour": "hours",
    "data": "data",
}
# What is said, and what is never said for it in a text that a person reads.
INSTEAD_OF: Mapping[str, tuple[str, ...]] = {
    "fix": ("mend", "mended"),
    "owner, who can help, the bot admin": ("whoever",),
    "alert": ("told of", "being told", "is told", "are told", "not told", "telling us", "hears of"),
    "post here, message you": ("telling this room", "your own chat"),
    "link this channel to a factory": ("bind this room",),
    "on-call teammate": ("room-mate", "roommate"),
    "problem": ("trouble:", "troubles"),
    "comma-separated": ("parted by",),
    "is older": ("lags",),
    "a typo": ("slip of the pen",),
    "I don't know": ("i know no", "i know of nothing"),
    "no pipeline called": ("nothing has that name", "no pipeline is called"),
    "I couldn't do that": ("did not work as asked",),
    "pick one or type it": ("press one, or",),
    "looking…": ("i am on it",),
    "clears our conversation": ("the two of us",),
    "I'm read-only": ("i can read, not act", "i change nothing"),
    "recovered": ("good again", "well again"),
    "usually 5 min": ("(usual ", "about as usual"),
    "running for 40 min": ("still running, for",),
    "in child pipeline": ("caused by its child",),
    "error:": ("its own words",),
    "API rate limit exceeded": ("limit of requests",),
    "resets": ("starts anew",),
    "temporary": ("was passing",),
    "can't check from here": ("not to be seen",),
    "doesn't have access": ("may not look",),
    "again": (" anew", "afresh"),
    "anymore": ("any more.", "any more”"),
    "organization": ("organisation",),
    "synchronization": ("synchronisation",),
    "color": ("colour",),
}


def plural(noun: str) -> str:
    """The noun for several: "runs", "activities"."""
    start, _, last = noun.rpartition(" ")
    return f"{start} {_PLURALS.get(last, f'{last}s')}".lstrip()


def listed(words: Sequence[str], joint: str = "and") -> str:
    """Words as a sentence lists them: "a", "a and b", "a, b, and c"."""
    *first, last = words or ("",)
    comma = "," if len(first) > 1 else ""
    return f"{', '.join(first)}{comma} {joint} {last}" if first else last


def counted(number: int, noun: str) -> str:
    """A number with its noun: "1 run", "1,204 runs"."""
    return f"{number:,} {noun if number == 1 else plural(noun)}"
