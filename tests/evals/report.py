"""What became of each row, and the table that counts it by file and category."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tests.evals.conversation import Result
from tests.evals.rows import Row
from tests.evals.scoring import Scorer

TOTAL = "total"
# Cards that ask back when nothing was looked up; a picker card always does.
_WITHOUT_DATA = frozenset({"error_card", "none"})
_ABOUT_THE_BOT = "bot_"


class Outcome(StrEnum):
    """What became of a row; each row has one, so that the columns add up to the rows."""

    PASS = "pass"
    ONE_PRESS = "one press"
    ASKED_BACK = "asked back"
    PARTIAL = "partial"
    WRONG = "sure, wrong"
    UNSAFE = "unsafe"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A file of rows as it was played: its name, and the outcome of each row by category."""

    name: str
    outcomes: Sequence[tuple[str, Outcome]]

    def counted(self) -> Mapping[str, Counter[Outcome]]:
        """The outcomes of each category in the order of the file, and of all."""
        counts: dict[str, Counter[Outcome]] = {}
        for category, outcome in self.outcomes:
            counts.setdefault(category, Counter())[outcome] += 1
        return {**counts, TOTAL: Counter(outcome for _, outcome in self.outcomes)}


def outcome_of(scorer: Scorer, row: Row, result: Result, presses: Sequence[Result] = ()) -> Outcome:
    """What became of a row, with the answers to the choices that were pressed after it."""
    grade, _ = scorer.grade(row, result)
    if grade in {"unsafe", "pass"}:
        return Outcome(grade)
    pressed = [scorer.grade(row, one)[0] for one in presses]
    if "unsafe" in pressed:
        return Outcome.UNSAFE
    if is_asked_back(scorer, row, result):
        return Outcome.ONE_PRESS if "pass" in pressed else Outcome.ASKED_BACK
    if grade == "partial":
        return Outcome.PARTIAL
    return Outcome.WRONG if _has_data(result) else Outcome.OTHER


def is_asked_back(scorer: Scorer, row: Row, result: Result) -> bool:
    """Whether a row that did not pass was answered by a question, or by not having understood."""
    grade, _ = scorer.grade(row, result)
    if grade in {"unsafe", "pass"} or "failed" in result:
        return False
    card = result["card"]
    if card == "picker_card":
        return True
    is_expected = grade == "partial" and card == scorer.expected_card(row)
    return card in _WITHOUT_DATA and not _has_data(result) and not is_expected


def table(files: Sequence[Played]) -> str:
    """The counts of each file by category, its total, and the total of all."""
    lines = [f"{'':28}{'rows':>6}{''.join(f'{one:>13}' for one in Outcome)}"]
    for played in files:
        lines.append(played.name)
        lines += [_line(f"  {name}", counts) for name, counts in played.counted().items()]
    if len(files) > 1:
        every = Played(name="", outcomes=[one for played in files for one in played.outcomes])
        lines.append(_line("all files", every.counted()[TOTAL]))
    return "\n".join(lines)


def _line(name: str, counts: Counter[Outcome]) -> str:
    cells = "".join(f"{counts[one]:>13}" for one in Outcome)
    return f"{name:28}{counts.total():>6}{cells}"


def _has_data(result: Result) -> bool:
    """Whether something was looked up or changed, other than about the bot."""
    return any(not call["name"].startswith(_ABOUT_THE_BOT) for call in result["calls"])
