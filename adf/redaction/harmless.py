"""Names that end like the name of a secret and hold none: keys of tables, tokens of pages."""

from collections.abc import Mapping

# Reviewed by hand: what Data Factory, databases, storage, message queues and warehouses call so.
_KEYS = (
    "primary foreign partition sort row range surrogate business natural distribution cluster "
    "clustering hash cache candidate composite unique alternate lookup join merge group "
    "grouping object blob item index public routing message idempotency dedup sequence bucket "
    "prefix tag product customer date order employee store sales geography currency promotion "
    "reseller territory category region city country department organization invoice vendor "
    "supplier location channel policy scenario campaign patient claim member provider "
    "hospital event batch file load run job table column field source target destination sink "
    "parent child dim fact entity record metadata property attribute config resource "
    "translation string json map dictionary line missing duplicate invalid unknown "
    "correlation trace registry schema version state variable parameter watermark shard "
    "filter signature mon tur hoc don joc whis lac flun hus jer"
)
_TOKENS = (
    "continuation next page paging skip cancellation unexpected syntax invalid max min prompt "
    "completion total input output cached sync concurrency delta cursor lock publickey change "
    "delimiter bad parse"
)
_CERTS = "server remote ssl tls root peer issuer trustserver validate con"
_PASSES = "by com sur tres under over"
_OTHERS = "com s sa"
_HARMLESS: Mapping[str, tuple[str, ...]] = {
    "key": tuple(_KEYS.split()),
    "token": tuple(_TOKENS.split()),
    "cert": tuple(_CERTS.split()),
    "certificate": tuple(_CERTS.split()),
    "pass": tuple(_PASSES.split()),
    "pat": tuple(_OTHERS.split()),
    "cred": tuple(_OTHERS.split()),
}
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SHORT = 3


def is_harmless(noun: str, before: str) -> bool:
    """Whether a name that ends in the noun, with that before it, is known to hold no secret.

    A short word must be the whole of it: "monkey" is one, and "commonkey" is not.
    """
    listed = _HARMLESS.get(noun)
    if not listed:
        return False
    name = before.rstrip("_.-")
    word = name[len(name.rstrip(_LETTERS)) :]
    return any(word == one or (len(one) > _SHORT and word.endswith(one)) for one in listed)
