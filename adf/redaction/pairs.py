"""Knows a password by the user, the name or the command that it is given with, whatever it is."""

import re

_PLAIN = r"[^\s\"'<>]{3,200}"
_AUTH = re.compile(
    r"\bauth\s{0,2}=?\s{0,2}\(\s?[\"'][^\"'\r\n]{1,80}[\"']\s?,\s?[\"'](?P<value>[^\"'\r\n]{1,200})[\"']"
)
_NAMED = re.compile(
    r"(?i)\b(?:user(?:name)?|login|uid)\s?[/:]\s?(?:pass(?:word|wd)?|pwd|pw)\s{0,2}[:=]?\s{1,3}"
    rf"[\"']?[\w.@\\-]{{1,60}}[/:](?P<value>{_PLAIN})"
)
_PIPED = re.compile(
    r"(?i)\becho\s{1,4}(?:-n\s{1,4})?[\"']?(?P<value>[^\r\n|\"']{3,200}?)[\"']?\s{0,4}\|"
    r"[^\r\n|]{0,120}(?:--password-stdin|sudo\s[^\r\n|]{0,40}-S\b|--passphrase-fd|--stdin)"
)
_CHANGED = re.compile(r"(?i)\bsp_password\s[^\r\n;]{0,120},\s?N?'(?P<value>[^'\r\n]{1,200})'\s?,")
_PROPERTY = re.compile(
    r"(?i)<(?:name|key)>[^<>]{0,80}(?:passw(?:or)?d|passphrase|pwd|secret|token|\.key|credential)"
    r"[^<>]{0,20}</(?:name|key)>\s{0,80}<value>(?P<value>[^<>]{1,2000})</value>"
)
_SEED = re.compile(
    r"(?i:\b(?:t?otp|mfa|2fa|authenticator)\b)[^\r\n]{0,24}?\b(?P<value>[A-Z2-7]{16,64})\b"
)

# What must be in the text for the pattern to be worth looking.
PAIRS: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = (
    (("auth",), _AUTH),
    (("/pass", ":pass", "/pwd", ":pwd", "/pw", ":pw"), _NAMED),
    (("echo ",), _PIPED),
    (("sp_password",), _CHANGED),
    (("</name>", "</key>"), _PROPERTY),
    (("otp", "mfa", "2fa", "authenticator"), _SEED),
)
