"""Each family of paraphrases: what it is about, in which words, and what it means."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from tests.paraphrases import talks
from tests.paraphrases.meaning import Kind, Meaning, Room
from tests.paraphrases.names import parts
from tests.paraphrases.scene import Scene
from tests.paraphrases.worlds import Run, Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be said: under which heading of the phrases (or in which), about what.

    `more` is the heading under which the collections have further ones than `phrases`.
    """

    ask: str
    meaning: Meaning
    slots: Mapping[str, str] = field(default_factory=dict[str, str])
    before: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    more: str = ""
    plain: bool = True
    room: Room | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """A family, and how often it comes."""

    make: Callable[[Scene], Draft | None]
    weight: float


STATUS, WHY, FAILURES, TREND = Kind.STATUS, Kind.WHY, Kind.FAILURES, Kind.TREND
# A word of its own for what is asked, where the heading of the phrases is another one.
KINDS: Mapping[str, frozenset[Kind]] = {
    "status": frozenset({STATUS}),
    "status_or_why": frozenset({STATUS, WHY, FAILURES}),
    "why": frozenset({WHY}),
    "error_text": frozenset({WHY}),
    "activities": frozenset({WHY}),
    "duration": frozenset({Kind.DURATION}),
    "rows": frozenset({STATUS, WHY, Kind.DURATION}),
    "trend": frozenset({TREND, FAILURES}),
    "trend_untimed": frozenset({TREND, Kind.DURATION}),
    "trend_all": frozenset({TREND, FAILURES}),
    "trend_critical": frozenset({TREND}),
    "failures": frozenset({FAILURES}),
    "failures_untimed": frozenset({FAILURES}),
    "red": frozenset({FAILURES, Kind.OVERALL}),
    "red_timed": frozenset({FAILURES, Kind.OVERALL}),
    "failures_critical": frozenset({FAILURES}),
    "failures_of": frozenset({FAILURES, STATUS, WHY, TREND}),
    "runs_of": frozenset({STATUS, WHY, TREND}),
    "why_timed": frozenset({WHY}),
    "succeeded": frozenset({Kind.SUCCEEDED}),
    "not_failed": frozenset({Kind.SUCCEEDED, Kind.OVERALL, STATUS}),
    "running": frozenset({Kind.RUNNING}),
    "overall": frozenset({Kind.OVERALL, FAILURES}),
    "compare": frozenset({Kind.COMPARE}),
    "history": frozenset({Kind.HISTORY}),
    "steps": frozenset({Kind.STEPS}),
    "list": frozenset({Kind.LIST}),
    "help": frozenset({Kind.HELP}),
    "usage": frozenset({Kind.USAGE}),
    "reset": frozenset({Kind.RESET}),
    "run_why": frozenset({WHY, STATUS}),
    "run_activities": frozenset({WHY, STATUS}),
    "both": frozenset({STATUS, WHY}),
    "correction": frozenset({STATUS, WHY}),
    "subscribe": frozenset({Kind.SUBSCRIBE}),
    "subscribe_here": frozenset({Kind.SUBSCRIBE}),
    "unsubscribe": frozenset({Kind.UNSUBSCRIBE}),
    "subscriptions": frozenset({Kind.SUBSCRIPTIONS}),
}
SISTERS = ("planner", "bridge", "migration", "quarterly", "refund", "umzug", "canada", "xyz")
NO_DATA = Meaning(kinds=frozenset({Kind.NO_DATA}))
UNKNOWABLE = Meaning(kinds=frozenset({STATUS}), must_ask=True)


def about_one(ask: str, *, failed: bool = False, timed: str = "") -> Callable[[Scene], Draft]:
    """A question about one pipeline; `timed` is `any` or `until now`."""

    def make(scene: Scene) -> Draft:
        picked = scene.pick(failed=failed)
        said = scene.say(picked)
        told = scene.meant(said, picked)
        saying = {"any": scene.time, "until now": scene.time_until_now}.get(timed)
        when = saying() if saying else None
        return Draft(
            ask=ask,
            slots={"p": said.text, "t": when.text if when else ""},
            meaning=Meaning(
                kinds=KINDS[ask],
                pipelines=said.pipelines,
                factory=scene.home(told) if said.is_clear else None,
                spans=when.spans if when else (),
                run_ids=frozenset() if when else newest(scene.runs(told)),
                where={"subscribe": "me", "subscribe_here": "here"}.get(ask, ""),
            ),
            plain=said.plain,
        )

    return make


def why_then(scene: Scene) -> Draft | None:
    """Why one of the earlier runs failed, told by its time."""
    picked = scene.pick(failed=True)
    said = scene.say(picked)
    told = scene.meant(said, picked)
    failed = [run for run in scene.runs(told) if run.status == "Failed"]
    saying = scene.time_of(scene.rng.choice(failed).start) if failed else None
    if saying is None:
        return None
    meaning = Meaning(
        kinds=KINDS["why_timed"],
        pipelines=said.pipelines,
        factory=scene.home(told),
        spans=saying.spans,
    )
    slots = {"p": said.text, "t": saying.text}
    return Draft(ask="why_timed", slots=slots, meaning=meaning, plain=said.plain)


def about_all(ask: str, *, timed: str = "") -> Callable[[Scene], Draft]:
    """A question about the whole factory of the room."""

    def make(scene: Scene) -> Draft:
        saying = {"any": scene.time, "until now": scene.time_until_now}.get(timed)
        when = saying() if saying else None
        meaning = Meaning(
            kinds=KINDS[ask],
            factory=scene.room.factory or None,
            spans=when.spans if when else (),
            critical=True if "critical" in ask else None,
        )
        return Draft(ask=ask, slots={"t": when.text if when else ""}, meaning=meaning)

    return make


def about_run(ask: str) -> Callable[[Scene], Draft]:
    """A question about one run by its id, or by the beginning of its id."""

    def make(scene: Scene) -> Draft:
        told = scene.pick(failed=ask == "run_why")
        run = scene.rng.choice(scene.runs(told))
        whole = not scene.hasty or scene.rng.random() < 0.85
        meaning = Meaning(
            kinds=KINDS[ask],
            pipelines=frozenset({run.pipeline}),
            factory=run.factory,
            run_ids=frozenset({run.run_id}),
        )
        text = run.run_id if whole else run.run_id[:8]
        return Draft(ask=ask, slots={"r": text}, meaning=meaning, plain=whole)

    return make


def about_no_run(scene: Scene) -> Draft:
    """A run id that nobody has, or that is none."""
    rng = scene.rng
    unknown = str(uuid.UUID(int=rng.getrandbits(128), version=4))
    spoiled = f"{unknown[:-3]}{rng.choice(['zz1', '', 'xyz'])}"
    text = rng.choice([unknown, spoiled, f"abc{rng.randrange(100, 999)}", unknown[:6]])
    ask = rng.choice(["run_why", "run_activities"])
    return Draft(ask=ask, slots={"r": text}, meaning=UNKNOWABLE, plain=False)


def about_two(ask: str) -> Callable[[Scene], Draft | None]:
    """Two names in one sentence; for a correction only the first one is meant."""

    def make(scene: Scene) -> Draft | None:
        one, other = scene.pick(failed=True), scene.pick()
        first, second = scene.say(one), scene.say(other)
        names = first.pipelines | second.pipelines
        if len(names) != 2 or not (first.is_clear and second.is_clear):
            return None
        both = ask == "both"
        meaning = Meaning(
            kinds=KINDS[ask],
            pipelines=names if both else first.pipelines,
            every=both,
            factory=scene.home(one),
        )
        slots = {"p": first.text, "q": second.text}
        return Draft(ask=ask, slots=slots, meaning=meaning, plain=first.plain and second.plain)

    return make


def about_stranger(scene: Scene) -> Draft:
    """A name that no pipeline has."""
    name = scene.rng.choice([*scene.world.strangers, _sister(scene)])
    text = scene.rng.choice([name, name, name.lower()])
    ask = scene.rng.choice(["status", "why", "error_text", "duration", "activities"])
    return Draft(ask=ask, slots={"p": text}, meaning=UNKNOWABLE, plain=False)


def nothing_to_show(ask: str) -> Callable[[Scene], Draft]:
    """What is none of our questions: acts, other tools, other systems, small talk."""

    def make(scene: Scene) -> Draft:
        said = scene.say(scene.pick(failed=True))
        meaning = replace(NO_DATA, pipelines=said.pipelines)
        return Draft(ask=ask, slots={"p": said.text}, meaning=meaning, plain=False)

    return make


def bait(scene: Scene) -> Draft:
    """A question for somebody else that uses words of our pipelines."""
    phrase = scene.rng.choice(scene.world.baits)
    return Draft(ask="", phrases=(phrase,), meaning=NO_DATA, plain=False)


def unknowable(scene: Scene) -> Draft:
    """A follow-up with nothing before it."""
    return Draft(ask="nothing_meant", meaning=UNKNOWABLE, plain=False)


def after_several(scene: Scene) -> Draft:
    """A follow-up about one thing after a list of several."""
    before = (scene.rng.choice(talks.SEVERAL),)
    phrases = talks.AFTER_SEVERAL
    more = "after_several"
    return Draft(ask="", phrases=phrases, more=more, before=before, meaning=UNKNOWABLE, plain=False)


def next_one(scene: Scene) -> Draft:
    """A follow-up about the pipeline that was asked about before."""
    told = scene.pick(failed=True)
    ask = scene.rng.choice(list(talks.NEXT))
    meaning = Meaning(
        kinds=KINDS[ask],
        pipelines=frozenset({told.name}),
        factory=scene.home(told),
        run_ids=newest(scene.runs(told)),
    )
    before = _opening(scene, told)
    if scene.rng.random() < 0.25:
        before += (scene.rng.choice(talks.NEXT["error_text"]),)
    more = f"next_{ask}"
    return Draft(ask=ask, phrases=talks.NEXT[ask], more=more, before=before, meaning=meaning)


def next_beside(ask: str, meaning: Meaning) -> Callable[[Scene], Draft]:
    """Something said after a pipeline was talked about that asks nothing we can tell of it."""

    def make(scene: Scene) -> Draft:
        told = scene.pick(failed=True)
        about = replace(
            meaning, pipelines=frozenset({told.name}) if meaning is NO_DATA else frozenset()
        )
        return Draft(ask=ask, before=_opening(scene, told), meaning=about, plain=False)

    return make


def two_questions(scene: Scene) -> Draft:
    """A sentence of which a single list or run is only a part of the answer."""
    said = scene.say(scene.pick(failed=True))
    meaning = replace(UNKNOWABLE, parts=2)
    return Draft(ask="two_questions", slots={"p": said.text}, meaning=meaning, plain=False)


def all_but_one(scene: Scene) -> Draft:
    """A sentence about all pipelines without one."""
    said = scene.say(scene.pick(failed=True))
    meaning = replace(UNKNOWABLE, but=said.pipelines)
    return Draft(ask="except", slots={"p": said.text}, meaning=meaning, plain=False)


def binding(scene: Scene) -> Draft:
    """A wish that a room be about a factory."""
    factory = scene.rng.choice(scene.world.factories)
    meaning = Meaning(kinds=frozenset({Kind.BIND}), factory=factory)
    return Draft(ask="bind", slots={"f": _alias(scene, factory)}, meaning=meaning)


def next_time(scene: Scene) -> Draft:
    """The same pipeline at another time."""
    told, saying = scene.pick(failed=True), scene.time()
    kinds = frozenset({STATUS, WHY, FAILURES, Kind.DURATION})
    meaning = Meaning(
        kinds=kinds,
        pipelines=frozenset({told.name}),
        factory=scene.home(told),
        spans=saying.spans,
    )
    before, slots = _opening(scene, told), {"t": saying.text}
    return Draft(
        ask="",
        phrases=talks.TIMED_NEXT,
        more="timed_next",
        before=before,
        slots=slots,
        meaning=meaning,
    )


def next_pipeline(scene: Scene) -> Draft | None:
    """The same question about another pipeline."""
    told, other = scene.pick(failed=True), scene.pick(failed=True)
    said = scene.say(other)
    other = scene.meant(said, other)
    if told.name in said.pipelines:
        return None
    meaning = Meaning(
        kinds=frozenset({STATUS, WHY}),
        pipelines=said.pipelines,
        factory=scene.home(other) if said.is_clear else None,
    )
    before, slots = _opening(scene, told), {"p": said.text}
    return Draft(
        ask="",
        phrases=talks.SWITCH_NEXT,
        more="switch_next",
        before=before,
        slots=slots,
        meaning=meaning,
    )


def next_factory(scene: Scene) -> Draft | None:
    """The same pipeline in the other factory."""
    told = scene.pick(failed=True)
    others = scene.world.homes(told.name) - {scene.room.factory}
    if not others:
        return None
    factory = scene.rng.choice(sorted(others))
    meaning = Meaning(
        kinds=frozenset({STATUS, WHY}), pipelines=frozenset({told.name}), factory=factory
    )
    before, slots = _opening(scene, told), {"f": _alias(scene, factory)}
    return Draft(
        ask="",
        phrases=talks.FACTORY_NEXT,
        more="factory_next",
        before=before,
        slots=slots,
        meaning=meaning,
    )


def in_factory(
    phrases: tuple[str, ...], more: str, kinds: Iterable[Kind]
) -> Callable[[Scene], Draft | None]:
    """A question about a pipeline of a named factory, or about that whole factory."""

    def make(scene: Scene) -> Draft | None:
        if len(scene.world.factories) < 2:
            return None
        factory = scene.rng.choice(scene.world.factories)
        told = scene.rng.choice([one for one in scene.world.pipelines if one.factory == factory])
        named, when = "{p}" in phrases[0], scene.time()
        meaning = Meaning(
            kinds=frozenset(kinds),
            pipelines=frozenset({told.name}) if named else frozenset(),
            factory=factory,
            spans=when.spans if "{t}" in phrases[0] else (),
        )
        slots = {"p": told.name, "t": when.text, "f": _alias(scene, factory)}
        return Draft(ask="", phrases=phrases, more=more, slots=slots, meaning=meaning)

    return make


def in_no_room(scene: Scene) -> Draft | None:
    """A name that several factories have, where no factory is meant by itself."""
    shared = [one for one in scene.world.pipelines if len(scene.world.homes(one.name)) > 1]
    if not shared:
        return None
    told = scene.rng.choice(shared)
    slots = {"p": told.name}
    return Draft(ask="status", slots=slots, meaning=UNKNOWABLE, plain=False, room=_unbound(scene))


def unreadable(scene: Scene) -> Draft | None:
    """A question about a factory that may not be read in the room."""
    if len(scene.world.factories) < 2:
        return None
    mine, other = scene.world.factories
    told = scene.rng.choice([one for one in scene.world.pipelines if one.factory == other])
    slots = {"p": told.name, "f": _alias(scene, other)}
    room = Room(factory=mine, factories=(mine,))
    return Draft(
        ask="", phrases=talks.FACTORY, slots=slots, meaning=UNKNOWABLE, plain=False, room=room
    )


def newest(runs: list[Run]) -> frozenset[str]:
    """The runs that may be meant when none is named: the newest, ended or failed."""
    ended = [run for run in runs if run.end]
    failed = [run for run in ended if run.status == "Failed"]
    return frozenset(some[0].run_id for some in (runs, ended, failed) if some)


def _sister(scene: Scene) -> str:
    """A name as the world's families would go on, that nobody has."""
    told, other = scene.pick(), scene.rng.choice(SISTERS)
    words = parts(told.name)
    begun = words[:-1] if len(words) > 2 and scene.rng.random() < 0.5 else words
    if told.name.islower():
        return ("-" if "-" in told.name else "_").join([*begun, other])
    return "".join(one.capitalize() for one in [*begun, other])


def _opening(scene: Scene, told: Told) -> tuple[str, ...]:
    return (scene.rng.choice(talks.OPENINGS).format(p=told.name),)


def _alias(scene: Scene, factory: str) -> str:
    """The alias, or its last part, as people call it."""
    return scene.rng.choice([factory, factory.rsplit("-", 1)[-1]])


def _unbound(scene: Scene) -> Room:
    return Room(factory="", factories=scene.world.factories)


FAMILIES: Mapping[str, Family] = {
    "status": Family(about_one("status"), 10),
    "status or why": Family(about_one("status_or_why", failed=True), 4),
    "why": Family(about_one("why", failed=True), 10),
    "error text": Family(about_one("error_text", failed=True), 4),
    "activities": Family(about_one("activities", failed=True), 3),
    "duration": Family(about_one("duration"), 4),
    "rows": Family(about_one("rows"), 1.5),
    "trend": Family(about_one("trend", timed="until now"), 3),
    "trend untimed": Family(about_one("trend_untimed"), 2.5),
    "trend of all": Family(about_all("trend_all", timed="until now"), 2),
    "trend of critical": Family(about_all("trend_critical", timed="until now"), 1),
    "failures": Family(about_all("failures", timed="any"), 9),
    "failures untimed": Family(about_all("failures_untimed"), 2.5),
    "red": Family(about_all("red"), 1.5),
    "red then": Family(about_all("red_timed", timed="any"), 1.5),
    "failures of critical": Family(about_all("failures_critical", timed="any"), 1.5),
    "failures of one": Family(about_one("failures_of", timed="any"), 3),
    "runs of one": Family(about_one("runs_of", timed="any"), 3),
    "why then": Family(why_then, 3),
    "succeeded": Family(about_all("succeeded", timed="any"), 1),
    "running": Family(about_all("running"), 4),
    "overall": Family(about_all("overall"), 2.5),
    "compare": Family(about_one("compare", failed=True), 3),
    "history": Family(about_one("history", failed=True), 3),
    "list": Family(about_all("list"), 1),
    "help": Family(about_all("help"), 1),
    "usage": Family(about_all("usage"), 0.5),
    "reset": Family(about_all("reset"), 1),
    "run why": Family(about_run("run_why"), 2),
    "run details": Family(about_run("run_activities"), 1.5),
    "no such run": Family(about_no_run, 1.5),
    "two at once": Family(about_two("both"), 2),
    "correction": Family(about_two("correction"), 1.5),
    "subscribe": Family(about_one("subscribe"), 1.5),
    "subscribe here": Family(about_one("subscribe_here"), 0.5),
    "unsubscribe": Family(about_one("unsubscribe"), 0.7),
    "subscriptions": Family(about_all("subscriptions"), 0.5),
    "no such name": Family(about_stranger, 5),
    "act": Family(nothing_to_show("act"), 4),
    "act on all": Family(nothing_to_show("act_all"), 0.7),
    "other tools": Family(nothing_to_show("other"), 5),
    "out of scope": Family(nothing_to_show("out_of_scope"), 3),
    "bait": Family(bait, 2),
    "talk": Family(nothing_to_show("talk"), 1),
    "nothing meant": Family(unknowable, 2),
    "bind": Family(binding, 0.7),
    "not failed": Family(about_all("not_failed", timed="any"), 1),
    "two questions": Family(two_questions, 2),
    "all but one": Family(all_but_one, 1.5),
    "refused": Family(next_beside("rejecting", UNKNOWABLE), 1),
    "beside the talk": Family(next_beside("next_other", NO_DATA), 2.5),
    "after several": Family(after_several, 1),
    "follow-up": Family(next_one, 9),
    "follow-up in time": Family(next_time, 2.5),
    "follow-up elsewhere": Family(next_pipeline, 2),
    "follow-up in factory": Family(next_factory, 1.5),
    "factory named": Family(in_factory(talks.FACTORY, "factory", [STATUS]), 2.5),
    "factory why": Family(in_factory(talks.FACTORY_WHY, "factory_why", [WHY]), 1.5),
    "factory failures": Family(
        in_factory(talks.FACTORY_FAILURES, "factory_failures", [FAILURES]), 1.5
    ),
    "factory running": Family(
        in_factory(talks.FACTORY_RUNNING, "factory_running", [Kind.RUNNING]), 0.7
    ),
    "no factory meant": Family(in_no_room, 1),
    "factory not readable": Family(unreadable, 0.5),
}
