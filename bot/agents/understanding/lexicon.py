"""Closed classes of words that slots are read by; what questions mean is learned, not listed."""

# Said before what is left out.
LEAVES_OUT = frozenset(
    {
        *("except", "excluding", "besides", "but not", "not counting", "apart from", "other than"),
        *(
            "except for",
            "leave out",
            "leaving out",
            "without",
            "ignore",
            "ignoring",
            "minus",
            "not the",
        ),
        *(
            "außer",
            "ausser",
            "ohne",
            "bis auf",
            "sauf",
            "hormis",
            "excepto",
            "salvo",
            "menos",
            "exceto",
        ),
        *(
            "tranne",
            "eccetto",
            "behalve",
            "zonder",
            "no",
            "skip",
            "forget",
            "everything but",
            "all but",
        ),
    }
)
# Words of daily use that leave out only what follows at once.
UNTIL_PAUSE = frozenset({"no", "not the", "skip", "forget", "ignore"})
# Said before what is denied.
NEGATIONS = (
    r"\b(?:not|never|no longer|nicht|kein\w*|niet|geen|non|pas|não|nao|nahi)",
    r"\b(?:is|are|was|were|do|does|did|has|have|had|could|would)n\W?t",
)
# Filters that any question may carry, as patterns.
FILTERS = {
    "critical": (
        r"(?:business |mission )?critical(?:s|ity)?",
        r"important",
        r"crit",
        r"prio(?:rity)? ?1",
        r"p1",
        r"kritisch\w*",
        r"wichtig\w*",
        r"cr[ií]tic[oa]s?",
        r"critiques?",
        r"critic[hoia]+",
        r"kritieke?",
        r"importantes?",
        r"belangrijke?",
    ),
    "failed": (
        r"fail\w*",
        r"broke\w*",
        r"red",
        r"dead",
        r"died?",
        r"errors?",
        r"crashed",
        r"fehlgeschlagen\w*",
        r"rot\w{0,2}",
        r"fallid[oa]s?",
        r"falh\w+",
        r"échou\w+",
        r"fallit\w",
        r"gefaald\w*",
        r"mislukt\w*",
    ),
    "succeeded": (
        r"succe\w+",
        r"green",
        r"erfolgreich\w*",
        r"grün\w*",
        r"exitos[oa]s?",
        r"verde",
        r"réussi\w*",
        r"riuscit\w",
        r"geslaagd\w*",
    ),
    "good": (r"succe\w+", r"green", r"good", r"healthy", r"ok", r"bem", r"clean"),
    "running": (
        r"running",
        r"in progress",
        r"active",
        r"laufend\w*",
        r"läuft|laufen",
        r"ejecut[aá]ndose|en ejecuci[oó]n|corriendo",
        r"em execu[cç][aã]o|rodando",
        r"en cours",
        r"in esecuzione|in corso",
        r"lopen\w*|draai\w*",
    ),
    "status": (r"stat(?:us(?:es)?|es?)", r"health", r"zustand", r"estados?", r"états?", r"stato"),
    "failed_steps": (
        r"(?:activit\w+|steps?|items?|tasks?)\s+(?:that\s+|which\s+)?(?:fail\w*|broke|died)",
        r"(?:failed|broken|failing|dead)\s+(?:activit\w+|steps?|items?|tasks?)",
    ),
    "last": (
        r"last",
        r"latest",
        r"newest",
        r"most recent",
        r"letzte[nrs]?",
        r"últim[oa]",
        r"derni[eè]re?",
        r"ultim[oa]",
        r"laatste",
    ),
}
