"""Slips of the keyboard in words of time."""

from rapidfuzz.distance import OSA

_SHORTEST = 6
_OFTEN_MISSPELLED = (
    *("yesterday", "midnight", "tonight", "overnight", "weekend", "morning", "afternoon"),
    *("evening", "between", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"),
    *("sunday", "gestern", "vorgestern", "mitternacht", "wochenende", "montag", "dienstag"),
    *("mittwoch", "donnerstag", "freitag", "samstag", "sonntag"),
)


def nearest(word: str) -> str:
    """The word of time that is one slip away and begins alike; the word itself without one."""
    if len(word) < _SHORTEST or not word.isalpha():
        return word
    near = (one for one in _OFTEN_MISSPELLED if one[0] == word[0])
    return next((one for one in near if OSA.distance(one, word, score_cutoff=1) <= 1), word)
