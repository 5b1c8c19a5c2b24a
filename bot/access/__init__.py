"""Who may see and do what, and what is said and logged when somebody may not.

`roles` lists the roles and what each allows; `policy` tells what a person may do in a place, which
is asked at the start of each turn and again at each press; `visibility` cuts an answer down to what
its reader may see. A refusal is made in `denial`, which says who can help, and `audit` keeps it by
ids alone. `signing_keys` fetches the published keys that tokens are checked with.
"""
