"""Tickets: one that waits for a press with all it will say, and what became of others."""

from dataclasses import replace
from datetime import timedelta

from cards.gallery.keeping import ALERT
from cards.gallery.typical import FACTORY, NOW, at, said
from cards.records import ActionEvent, TicketLink, TicketProposal, TicketState, TicketText

_MAYA, _IVY = ActionEvent(name="Maya", at=NOW), ActionEvent(name="Ivy", at=at(2, 44))
_PAGE = "https://contoso.service-now.com/nav_to.do?uri=incident.do%3Fsys_id%3D9d385017c611228701d2"
LINK = TicketLink(system="ServiceNow", number="INC0010023", status="In Progress", url=_PAGE)

WAITING = TicketProposal(
    proposal_id="0f8fad5bd9cb469fa16570867728950e",
    incident_id="INC-104",
    factory=FACTORY,
    pipelines=("PaymentsRecon",),
    system="ServiceNow",
    requested=_MAYA,
    expires_at=NOW + timedelta(minutes=30),
    text=TicketText(
        title="INC-104: PaymentsRecon failed in adf-prod",
        lines=(
            "The password of a database user was refused.",
            "Incident INC-104 in the data factory adf-prod",
            "Pipeline: PaymentsRecon",
            "Since 2026-03-12 01:12 UTC",
            "Last run: 44444444-0000-4000-8000-000000000001",
            "Waiting for it: FinanceDashboard, due 05:00 UTC",
            "Owner: Lee",
            "Asked for by Maya through ADF Ops",
        ),
        error="Login failed for user 'svc_recon'. Contact owner(at)contoso[.]com",
        thread="https://teams.microsoft.com/l/message/19%3Aops/1700000000000?tenantId=contoso",
        digest="5b2f0c9a1d3e4f60",
    ),
)
BESIDE = replace(WAITING, beside=f"ProcessOrders: in progress since {said(1, 31)}")
OPEN = replace(WAITING, state=TicketState.OPEN, text=None, decided=_IVY, link=LINK)
UNCERTAIN = replace(
    OPEN,
    state=TicketState.UNCERTAIN,
    link=TicketLink(system="ServiceNow"),
    said="I sent it and got no answer. I'm looking for it by its own key and will send it again "
    "only if it isn't there.",
)
FAILED = replace(
    OPEN,
    state=TicketState.FAILED,
    link=TicketLink(system="ServiceNow"),
    said="It refused the sign-in. Check ADFOPS_TICKETS_USER and ADFOPS_TICKETS_SECRET.",
)
INCIDENT = replace(ALERT, call=(), ticket=LINK)
