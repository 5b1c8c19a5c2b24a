"""The people of the demo: one of each role, to be tried with `--as`."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPerson:
    """Somebody whom the person who tries the bot can be."""

    name: str
    role: str
    person_id: str

    @property
    def given(self) -> str:
        """The first name, as it is typed."""
        return self.name.partition(" ")[0].lower()


_ROLES = (
    ("Maya Ortiz", "operator"),
    ("Lee Chen", "operator"),
    ("Ivy Novak", "reader"),
    ("Tom Weber", "reader"),
    ("Sam Patel", "stakeholder"),
    ("Priya Nair", "operator"),
)
PEOPLE = tuple(
    DemoPerson(name=name, role=role, person_id=f"aaaaaaaa-0000-4000-8000-00000000000{number}")
    for number, (name, role) in enumerate(_ROLES)
)
WHO = tuple(one.given for one in PEOPLE)
ROLES_TO_TRY: Mapping[str, tuple[str, str]] = {
    one.person_id: (one.name, one.role) for one in PEOPLE
}


def person_called(given: str) -> DemoPerson:
    """The person with that first name."""
    return next(one for one in PEOPLE if one.given == given)
