"""Tickets of other systems: proposed on a card, opened by a person's press, kept in step.

`proposals` makes a proposal of an incident, `buttons` checks a press, `opening` sends the ticket
once and settles what has no answer, `updates` tells a ticket what happens to its incident,
`follow_up` takes all of it up again; `text` is what a ticket says, `systems` speak the wires.
"""
