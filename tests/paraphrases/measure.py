"""Counts over many paraphrases: how many answers are sure, and how many of all sure and wrong."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tests.paraphrases.judge import contradiction
from tests.paraphrases.meaning import Paraphrase
from tests.paraphrases.stage import Outcome, play


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A paraphrase with its outcome and, if it is sure and wrong, why."""

    said: Paraphrase
    outcome: Outcome
    wrong: str | None

    @property
    def is_sure(self) -> bool:
        """Whether the agent claims to have understood."""
        return self.outcome.answer.sure

    def told(self) -> str:
        """One mistake, for a person to read."""
        talk = " / ".join((*self.said.before, self.said.text))
        calls = "; ".join(f"{one.name} {dict(one.arguments)}" for one in self.outcome.calls)
        where = f"{self.said.world} {self.said.room.factory or 'no room'}"
        meant = sorted(self.said.meaning.pipelines) or "all"
        return (
            f"#{self.said.number} [{self.said.family}] ({where}) {talk!r}\n"
            f"    meant {sorted(self.said.meaning.kinds)} {meant}\n"
            f"    {self.wrong or 'not sure'}\n    calls: {calls}"
            + (f"\n    failed: {self.outcome.failed}" if self.outcome.failed else "")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """The judged paraphrases of one run."""

    judged: Sequence[Judged]

    @property
    def share_wrong(self) -> float:
        """Sure and wrong, of all."""
        return _share(self.judged, lambda one: one.wrong is not None)

    @property
    def share_sure(self) -> float:
        """Sure, of all."""
        return _share(self.judged, lambda one: one.is_sure)

    @property
    def share_sure_plain(self) -> float:
        """Sure, of those plainly said with a meaning that can be known."""
        plain = [one for one in self.judged if _is_plain(one)]
        return _share(plain, lambda one: one.is_sure)

    def mistakes(self) -> list[Judged]:
        """Those sure and wrong."""
        return [one for one in self.judged if one.wrong is not None]

    def plain_unsure(self) -> list[Judged]:
        """Those plainly said and yet not understood for sure."""
        return [one for one in self.judged if _is_plain(one) and not one.is_sure]

    def crashes(self) -> list[Judged]:
        """Those at which the agent broke down."""
        return [one for one in self.judged if one.outcome.failed.startswith("crash")]

    def summary(self) -> str:
        """The three shares in one line."""
        return (
            f"{len(self.judged)} paraphrases, sure {self.share_sure:.1%}"
            f" (plainly said: {self.share_sure_plain:.1%}),"
            f" sure and wrong {self.share_wrong:.2%} ({len(self.mistakes())}),"
            f" crashes {len(self.crashes())}"
        )

    def table(self) -> str:
        """Shares by world and by family."""
        lines = [f"{'':24}{'said':>6}{'sure':>8}{'wrong':>7}"]
        for told in (_world, _language, _words, _family):
            names = sorted({told(one) for one in self.judged})
            lines += [_line(name, [x for x in self.judged if told(x) == name]) for name in names]
        return "\n".join(lines)


async def measured(paraphrases: Iterable[Paraphrase]) -> Measure:
    """Play and judge them all."""
    played = await play(paraphrases)
    return Measure(
        judged=[
            Judged(
                said=said,
                outcome=outcome,
                wrong=contradiction(said.meaning, outcome, said.moment),
            )
            for said, outcome in played
        ]
    )


def _is_plain(one: Judged) -> bool:
    return one.said.plain and not one.said.meaning.must_ask


def _share(some: Sequence[Judged], is_such: Callable[[Judged], bool]) -> float:
    return sum(map(is_such, some)) / max(1, len(some))


def _line(name: str, some: Sequence[Judged]) -> str:
    wrong = sum(one.wrong is not None for one in some)
    return f"{name:24}{len(some):6}{_share(some, lambda one: one.is_sure):8.0%}{wrong or '':>7}"


def _world(one: Judged) -> str:
    return f"= {one.said.world}"


def _language(one: Judged) -> str:
    return f"= {one.said.language}"


def _words(one: Judged) -> str:
    return f"= {one.said.words}"


def _family(one: Judged) -> str:
    return one.said.family
