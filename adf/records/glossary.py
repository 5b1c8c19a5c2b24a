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
    "a typo": ("slip of the pen", "slips of the pen"),
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
    "center": ("centre",),
    "license": ("licence",),
    "catalog": ("catalogue",),
    "behavior": ("behaviour",),
    "on-call schedule": ("on-call rota",),
    "resolved, recovered": ("over by now", "became well", "is over already"),
    "not acknowledged": ("nobody's yet", "nobody has it"),
    "acknowledged by Maya at 2:41 AM": ("has it since",),
    "waiting for approval": ("waits for approval", "waits for a yes"),
    "couldn't read": ("not read:",),
    "timing alone does not prove it": ("near in time",),
    "other changes": ("not known to concern",),
    "failed run": ("red run", "first red"),
    "Microsoft Learn": ("from the documentation", "page 1"),
    "in one, in the other": ("result differs", "the same in both", "failed at: nothing"),
    "only model-written text uses tokens": ("cards cost no tokens",),
    "NULL in a required column": ("arrived without a value",),
    "--app-id is empty": ("no application id",),
    "no operators set": ("nobody is declared", "everybody is refused"),
    "failed runs by pipeline": ("failed of all runs",),
    "p95 duration: 5 min (peak 44 min)": ("duration, now",),
    "previous run": ("last completed",),
    "a new run is in progress": ("a newer run running",),
    "you're an operator for": ("here you are operator",),
    "why did CustomerDataETL fail": ("why the first",),
    "fix the source first": ("until then it fails again",),
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
