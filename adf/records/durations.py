"""How long something took, in one form for every sentence and card."""

from datetime import timedelta


def duration(span: timedelta | None) -> str:
    """How long, in the two largest units that matter: "45 s", "31 min", "1 h 35 min", "3 d 4 h"."""
    if span is None:
        return "unknown"
    seconds = max(0, round(span.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    minutes, seconds = divmod(seconds, 60)
    if minutes < 10 and seconds:
        return f"{minutes} min {seconds} s"
    hours, minutes = divmod(minutes, 60)
    if not hours:
        return f"{minutes} min"
    days, hours = divmod(hours, 24)
    large, small = (f"{days} d", f"{hours} h") if days else (f"{hours} h", f"{minutes} min")
    return f"{large} {small}" if not small.startswith("0 ") else large
