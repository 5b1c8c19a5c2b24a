"""The findings as a person reads them, and as a program does."""

from collections.abc import Sequence
from dataclasses import asdict

import orjson

from bot.doctor.findings import CheckResult, Finding
from bot.doctor.run import is_well

_ENDPOINT = (
    "Can't check from here: whether Teams reaches the bot. The Azure Bot's messaging endpoint "
    "must be https://YOUR-HOST/api/messages; `az bot show -g GROUP -n BOT --query "
    "properties.endpoint` shows it, `curl -i https://YOUR-HOST/healthz` from outside must say ok."
)


def in_words(findings: Sequence[Finding]) -> str:
    """One line for each check, the fix and who can make it below; the sum at the end."""
    width = max((len(one.what) for one in findings), default=0)
    lines = [line for one in findings for line in _lines(one, min(width, 44))]
    return "\n".join([*lines, "", _ENDPOINT, _sum(findings)])


def in_json(findings: Sequence[Finding]) -> str:
    """One JSON object: whether all is well, and the findings."""
    said = {"well": is_well(findings), "findings": [asdict(one) for one in findings]}
    return orjson.dumps(said, option=orjson.OPT_INDENT_2).decode()


def _lines(one: Finding, width: int) -> Sequence[str]:
    first = f"{one.verdict:<6}{one.what:<{width}}  {one.said}"
    fix = [f"      fix:    {one.fix}"] if one.fix else []
    who = [f"      owner:  {one.who}"] if one.fix and one.who else []
    return [first, *fix, *who]


def _sum(findings: Sequence[Finding]) -> str:
    count = {verdict: sum(one.verdict is verdict for one in findings) for verdict in CheckResult}
    ok, warn, wrong = (count[one] for one in (CheckResult.OK, CheckResult.WARN, CheckResult.WRONG))
    said = f"{ok} ok, {warn} to review, {wrong} wrong"
    return f"{said}: {'the bot can serve' if is_well(findings) else 'fix what is wrong first'}."
