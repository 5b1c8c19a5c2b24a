"""Follow-ups: what is said first about a pipeline, and what is said next."""

from collections.abc import Mapping

# Each opening makes one pipeline the subject of the talk.
OPENINGS = (
    "Why did {p} fail?",
    "What's the status of {p}?",
    "status {p}",
    "why did {p} fail",
    "Show me the error of {p}",
)

NEXT: Mapping[str, tuple[str, ...]] = {
    "why": (
        "why",
        "why did it fail?",
        "y tho",
        "and why?",
        "why did it break",
        "what went wrong?",
        "what happened?",
        "reason?",
        "warum?",
        "how come",
        "why is it red",
        "wtf happened",
    ),
    "error_text": (
        "what was the error message?",
        "show me the error",
        "the exact error please",
        "full error text pls",
        "errmsg?",
        "paste the error",
        "fehlermeldung?",
        "What was the error message for the copy activity?",
    ),
    "activities": (
        "show me the activity breakdown",
        "which activities failed?",
        "which step?",
        "steps?",
        "activity breakdown for that run",
        "which one of its activities broke",
        "welcher schritt?",
        "Show me the activity breakdown for the failed run",
    ),
    "duration": (
        "how long did it take?",
        "how long did that run take",
        "duration?",
        "how long was it running",
        "wie lange hat das gedauert?",
    ),
    "history": (
        "has this error occurred before?",
        "seen that before?",
        "is this error new?",
        "did that happen before",
        "first time?",
        "same error before?",
        "gab es das schon mal?",
        "how often has that happened",
    ),
    "steps": (
        "what are the recommended next steps?",
        "what should i do now",
        "next steps?",
        "what now",
        "how do i fix it",
        "what do you recommend?",
        "was soll ich tun?",
    ),
    "trend_untimed": (
        "is it getting slower?",
        "show me its trend",
        "how often does it fail?",
        "trend?",
    ),
    "compare": (
        "compare it with the previous run",
        "what's different from the last good run?",
        "diff vs the run before",
        "compare with yesterday's run",
        "whats diff vs yday",
    ),
    "status": (
        "is it green now?",
        "still red?",
        "is it running again",
        "did it finish?",
        "how is it doing now",
        "and now?",
        "immer noch rot?",
        "status?",
        "fertig?",
    ),
}
TIMED_NEXT = (
    "and {t}?",
    "what about {t}",
    "and how was it {t}?",
    "did it run {t}?",
    "its runs {t}",
)
SWITCH_NEXT = (
    "and {p}?",
    "what about {p}",
    "ok and {p}",
    "same for {p}",
    "now {p} please",
    "und {p}?",
    "how about {p}?",
)
FACTORY_NEXT = (
    "and in {f}?",
    "what about {f}",
    "same in {f}",
    "how is it in {f}?",
    "und in {f}?",
)
FACTORY = (
    "What's the status of {p} in {f}?",
    "status {p} {f}",
    "{f} {p} ok",
    "how is {p} on {f}",
    "in {f}: {p} done?",
    "Wie ist der Status von {p} in {f}?",
)
FACTORY_WHY = (
    "Why did {p} fail in {f}?",
    "why is {p} red on {f}",
    "{f}: why did {p} die",
    "Warum ist {p} in {f} fehlgeschlagen?",
)
FACTORY_FAILURES = (
    "What failed in {f} {t}?",
    "failures in {f} {t}",
    "Which pipelines of {f} failed {t}?",
    "fails {f} {t}",
)
FACTORY_RUNNING = ("What is running in {f}?", "whats running on {f}", "{f} running now")
SEVERAL = ("What failed in the last 24 hours?", "which pipelines failed in the last 48 hours")
AFTER_SEVERAL = (
    "why did it fail?",
    "why",
    "what was its error",
    "how long did it take",
    "is it green again?",
)
