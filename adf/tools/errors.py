"""What an error text means that somebody has at hand, without asking Data Factory."""

from typing import Annotated

from adf.diagnosis import diagnose_ahead, explain_error
from adf.records import ErrorExplanation
from adf.tool import tool
from adf.tools.scope import Adf


@tool(
    progress="Reading the error",
    reads=True,
    help="An error at hand: “explain this: <error message>”",
)
async def adf_explain_error(
    adf: Adf,
    text: Annotated[str, "the error message, or its code or number alone"],
    outer_code: Annotated[str | None, "the error code that the activity run shows"] = None,
) -> ErrorExplanation:
    """Explain an error text: its cause, who can fix it, the next steps, whether a rerun helps.

    Use when an error or its code is quoted.
    """
    del adf  # What is known of errors is the same for every factory.
    await diagnose_ahead(text, outer_code)
    return explain_error(text, outer_code)
