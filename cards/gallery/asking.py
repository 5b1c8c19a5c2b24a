"""Help, a choice and trouble, as a reader meets them."""

from cards.gallery.typical import at, said
from cards.records import Choice, Help, Picker, Problem

HELP = Help(
    bot_name="ADF Ops",
    examples=(
        Choice(title="How are things", question="how does everything stand"),
        Choice(title="What failed", question="which pipelines failed in the last 48 hours"),
        Choice(title="What is running", question="what is running"),
        Choice(title="What is open", question="what is open"),
    ),
    intro=("Ask me about your pipelines in your own words, or press one of these.",),
    notes=(
        "Status: “status of <pipeline>”, or just a part of its name.",
        "Cause: “why did <pipeline> fail”, down through child pipelines and ForEach items.",
        "Inside one run: “why did run <run id> fail”, “activity breakdown of <pipeline>”.",
        "Incidents: “what is open”, “who is on INC-3”, “which are mine”.",
        "The end of a shift: “handover”, “handover of the last 8 hours”.",
        "Your role here: operator of adf-prod. I never change anything without an approval.",
    ),
)
PICKER = Picker(
    question="Which pipeline do you mean?",
    choices=tuple(
        Choice(title=name, question=f"status of {name}")
        for name in ("CustomerDataETL", "CustomerDataETL_Backfill", "CustomerDim_Load")
    ),
)
TROUBLE = Problem(
    area="permission",
    asked="status customerdata",
    happened="Data Factory refused the question: the bot's identity doesn't have permission to "
    "read pipeline runs.",
    fix="Grant the bot's identity the role Reader plus the query actions on the data factory.",
    who="an administrator of the data factory",
    code="AuthorizationFailed",
    last_known=f"CustomerDataETL failed at {said(1, 31)}",
    as_of=at(2, 32),
    link="https://portal.azure.com",
)
