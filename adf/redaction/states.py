"""Knows the words that say how a secret stands, so that "password: expired" loses nothing."""

import re

# What begins a sentence about a secret, and what one may be; nobody has these for a password.
_STATES = (
    "the a an this that these those your you it its he she they we any all each every some such "
    "must should may might can cannot could would will does do did is are was were has have had be "
    "been not no none never only if when while because please use see enter provide check failed "
    "failure error expired invalid incorrect wrong bad missing required empty blank unknown unset "
    "rejected revoked denied disabled locked rotated changed unchanged accepted verified absent "
    "new old current insufficient access operation input string value header user login "
    "authentication authorization permission object argument property parameter resource request "
    "weak strong short long same different sensitive correct good valid fine needed used plaintext "
    "encrypted hashed masked hidden temporary default optional mandatory protected reset expiring "
    "alter or and for of in on to from with by at as than so but account expire expires "
    "unavailable incomplete mismatched mismatch outdated compromised revealed forgotten obsolete"
)
STATE = re.compile(rf"(?:{'|'.join(map(re.escape, _STATES.split()))})(?=[\s.,;:!?)]|$)(?![,;]\S)")
# "The fingerprint of the key is ...": what is said then is no secret.
ATTRIBUTE = (
    r"(?:fingerprint|thumbprint|id|name|version|type|kind|length|size|hash|checksum|algorithm|policy"
    r"|age|hint|file|path|vault|store|alias|owner|endpoint|ur[il]|lifetime|rotation|expir\w{1,6}"
    r"|status|state|column|field|count|limit|format)"
)
# PowerShell says which command failed, then a colon and why.
CMDLET = re.compile(
    r"(?:^|[\s'\"(])(?:get|set|new|remove|add|update|convertto|convertfrom|import|export|test|invoke"
    r"|connect|restore|backup|register|start|stop|reset|enable|disable|revoke)-[a-z]{0,40}$"
)
