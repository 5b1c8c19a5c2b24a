"""Where and when something is said: the world, the moment, the room, and whom it can be about."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tests.paraphrases.meaning import Room
from tests.paraphrases.names import (
    Said,
    say_a_part,
    say_in_full,
    say_with_slips,
    say_without_number,
)
from tests.paraphrases.times import NEAR, Here, Saying, say_a_day_of, say_a_time
from tests.paraphrases.worlds import Run, Told, World


@dataclass(frozen=True, slots=True)
class Scene:
    """One moment in one room; `hasty` speakers shorten and mistype names."""

    rng: random.Random
    world: World
    now: datetime
    room: Room
    language: str
    hasty: bool

    @property
    def here(self) -> Here:
        """The moment on the wall of the room."""
        return Here(self.now, self.world.zone)

    @property
    def names(self) -> list[str]:
        """Every name that can be read in the room."""
        return self.world.names(self.room.factories)

    def pick(self, *, failed: bool = False) -> Told:
        """A pipeline of the room's own factory; a failed one if wanted."""
        homes = [self.room.factory] if self.room.factory else list(self.room.factories)
        found = [one for one in self.world.pipelines if one.factory in homes]
        if failed:
            found = [one for one in found if "F" in one.outcomes[:2]]
        return self.rng.choice(found)

    def say(self, told: Told) -> Said:
        """The pipeline's name, as this speaker says it."""
        full = say_in_full(self.rng, told.name, wordy=told.wordy)
        if not self.hasty:
            return Said(text=told.name, pipelines=frozenset({told.name}), plain=True)
        said: Said | None = None
        choice = self.rng.random()
        if choice < 0.3:
            said = say_with_slips(self.rng, told.name, self.names, wordy=told.wordy)
        elif choice < 0.45 and not told.wordy:
            said = say_a_part(self.rng, told.name, self._heard())
        elif choice < 0.6:
            said = say_without_number(self.rng, told.name, self.names)
        return said or full

    def meant(self, said: Said, told: Told) -> Told:
        """The pipeline that was really named: a shortened name may stand for a sister."""
        found = [one for one in self.world.pipelines if said.pipelines == frozenset({one.name})]
        here = [one for one in found if one.factory == self.room.factory]
        return told if told in found or not found else (here or found)[0]

    def home(self, told: Told) -> str | None:
        """The factory meant by a name alone; None where only asking can tell."""
        homes = self.world.homes(told.name) & set(self.room.factories)
        if self.room.factory in homes:
            return self.room.factory
        return next(iter(homes)) if len(homes) == 1 else None

    def runs(self, told: Told) -> list[Run]:
        """The runs of a pipeline where it is meant, newest first."""
        home = self.home(told) or told.factory
        found = [one for one in self.world.runs(self.now) if one.pipeline == told.name]
        return sorted((one for one in found if one.factory == home), key=_begun, reverse=True)

    def time(self) -> Saying:
        """Some time range."""
        return say_a_time(self.rng, self.here, self.language)

    def time_until_now(self) -> Saying:
        """Some time range that ends now."""
        saying = self.time()
        while not all(_open(span.ends, self.now) for span in saying.spans):
            saying = self.time()
        return saying

    def time_of(self, moment: datetime) -> Saying | None:
        """A time range that holds a moment."""
        return say_a_day_of(self.rng, self.here, moment, self.language)

    def _heard(self) -> Sequence[str]:
        """The names that a part of a name is first looked for among: those of the room's own."""
        return self.world.names([self.room.factory]) if self.room.factory else self.names


def make_scene(rng: random.Random, world: World, language: str, *, hasty: bool) -> Scene:
    """A moment and a room of a world: mostly bound to one factory with all readable."""
    now = rng.choice(world.moments)
    factories = world.factories
    choice = rng.random()
    bound = factories[0] if choice < 0.8 else rng.choice(factories)
    return Scene(rng, world, now, Room(factory=bound, factories=factories), language, hasty)


def _begun(run: Run) -> datetime:
    return run.start


def _open(ends: tuple[datetime, datetime], now: datetime) -> bool:
    return ends == (now - NEAR, now + NEAR)
