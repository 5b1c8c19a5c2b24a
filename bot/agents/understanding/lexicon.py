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
            "skip",
            "forget",
            "everything but",
            "all but",
        ),
    }
)
# Words of daily use that leave out only what follows at once.
UNTIL_PAUSE = frozenset({"not the", "skip", "forget", "ignore"})
# Said of anything: it leaves out a name only where no other thing stands between.
OF_ANYTHING = frozenset({"without", "ohne", "zonder", "minus", "menos"})
BEFORE_A_NAME = frozenset(
    {
        *("the", "any", "a", "all", "our", "my", "of", "counting", "including", "pipeline", "one"),
        *(
            "die",
            "den",
            "das",
            "der",
            "el",
            "la",
            "los",
            "las",
            "le",
            "les",
            "il",
            "de",
            "het",
            "o",
        ),
    }
)
# A denial leaves out the name that follows at once: "failures today, not the sandbox".
DENIES = frozenset({"not", "nicht", "pas", "niet", "non", "não", "no"})
# Said before what is denied.
NEGATIONS = (
    r"\b(?:not|never|no|without|zero|no longer|nicht|kein\w*|niet|geen|non|pas|não|nao|nahi)",
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
    "error": (
        r"errors?",
        r"exceptions?",
        r"fehler\w*",
        r"errore[s]?",
        r"erros?",
        r"erreurs?",
        r"fout\w*",
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
    "failed_runs": (
        r"(?:failed|broken|red) (?:\w+ )?runs",
        r"runs (?:that |which )?(?:failed|broke)",
    ),
    "on": (
        r"on",
        r"enabled",
        r"active",
        r"started",
        r"aktiv\w*",
        r"activ[oae]s?",
        r"attiv\w",
        r"aan",
    ),
    "off": (
        r"off|disabled|inactive|stopped|paused|switched off|deactivated",
        r"aus(?:geschaltet)?|deaktiviert\w*|gestoppt\w*|uit(?:geschakeld)?|gestopt",
        r"desactivad[oa]s?|apagad[oa]s?|desligad[oa]s?|parad[oa]s?|désactivés?|arrêtés?|éteints?",
        r"disattivat\w|spent\w|ferm[ao]t\w",
    ),
    "rate": (
        r"(?:fail(?:ure)?|success|error) rates?",
        r"(?:the|what) (?:share|portion|proportion|percentage|ratio|fraction) of",
        r"(?:share|portion|proportion|percentage|ratio|fraction) (?:has|have|is|was|of)",
        r"(?:fehler|erfolgs|ausfall)(?:quote|rate)n?",
        r"tasas? de (?:fallos?|éxito|errores)",
        r"taxas? de (?:falhas?|sucesso)",
        r"taux d['’]?\s?(?:échec|erreurs?|réussite)",
        r"tass[oi] di (?:errore|successo)",
        r"(?:fout|faal|slaag)percentages?",
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
