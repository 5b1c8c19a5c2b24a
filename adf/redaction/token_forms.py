"""The forms of tokens that say by themselves whose they are."""

import re

# A prefix that its maker chose so that leaked tokens are found, and what follows it.
_PREFIXED = (
    # GitHub, GitLab, Bitbucket and Atlassian
    *(r"gh[opusr]_\w{30,}", r"github_pat_\w{22,}", r"gl[a-z]{2,9}-[\w-]{20,}(?:\.[0-9a-z]{9})?"),
    *(r"GR1348941[\w-]{20}", r"ATATT3[\w=-]{60,}", r"ATCTT3[\w=-]{60,}", r"ATBB\w{32}"),
    # Amazon, Google, Databricks
    *(r"(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z0-9]{16}", r"ABSK[A-Za-z0-9+/]{100,}={0,2}"),
    *(r"AIza[\w-]{35}", r"ya29\.[\w.-]{20,}", r"1//0[\w-]{40,}", r"GOCSPX-[\w-]{20,}"),
    *(r"dapi[0-9a-f]{32}(?:-\d)?", r"dose[0-9a-f]{32}", r"dkea[0-9a-f]{32}"),
    # Slack, Discord, Telegram, Teams
    *(r"xox[abeoprs]-[\w-]{10,}", r"xapp-\d-[\w-]{20,}", r"xoxe\.xox[bp]-[\w-]{20,}"),
    r"(?<![\w])\d{6,16}:A[\w-]{33,35}(?![\w-])",
    # Payment
    *(r"[sr]k_(?:live|test|prod)_\w{10,}", r"whsec_[\w+/=]{20,}", r"EAAA[\w-]{40,}"),
    *(r"sq0[a-z]{3}-[\w-]{22,}", r"FLW(?:PUB|SEC)K(?:_TEST)?-[\w-]{12,}", r"shippo_\w{4}_\w{40}"),
    # Models
    *(r"sk-[\w-]{20,}", r"pplx-\w{40,}", r"hf_[A-Za-z]{30,}", r"gsk_\w{40,}"),
    # Packages, registries, infrastructure
    *(r"npm_\w{30,}", r"pypi-[\w-]{50,}", r"rubygems_\w{40,}", r"dckr_[a-z]{3,4}_[\w-]{20,}"),
    *(r"AKCp\w{60,}", r"cmVmd[\w-]{50,}", r"\w{14}\.atlasv1\.[\w-]{50,}", r"pul-[0-9a-f]{40}"),
    *(r"do[opr]_v1_[0-9a-f]{64}", r"hv[sbr]\.[\w-]{20,}", r"dp\.[a-z]{2,5}\.\w{40,}"),
    *(r"dt0[a-z]\d\d\.\w{24}\.\w{64}", r"tk-us-[\w-]{40,}", r"pscale_\w{2,5}_[\w=.-]{30,}"),
    # Watching, mail, content and others
    *(r"gl(?:sa|c)_[\w+/=]{30,}", r"sntry[su]_[\w+/=]{40,}", r"NR(?:AK|JS|II|RA|SP)-[\w-]{19,}"),
    *(r"SG\.[\w-]{16,}\.[\w-]{16,}", r"(?:pub)?key-[0-9a-f]{32}", r"xkeysib-[\w-]{60,}"),
    *(r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}", r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}", r"lin_api_\w{30,}"),
    *(
        r"ntn_\w{40,}",
        r"secret_\w{43}",
        r"pat\w{14}\.[0-9a-f]{64}",
        r"[ps]k\.eyJ1[\w-]{20,}\.[\w-]{20,}",
    ),
    *(r"EZ[AT]K\w{54}", r"tfp_[\w.=-]{50,}", r"pnu_\w{36}", r"sgp_\w{40,}", r"sm_[ap]at_\w{16}"),
    *(r"ops_eyJ[\w+/=-]{60,}", r"A3-[A-Z0-9]{6}(?:-[A-Z0-9]{5,11}){3,5}", r"p8e-\w{32}"),
    *(r"HRKU-[\w-]{40,}", r"s-s4t2(?:ud|af)-\w{64}", r"fio-u-[\w=-]{60,}", r"live_[\w=-]{40}"),
    *(r"ver:\d-hint:\d+-[\w+/=]{40,}", r"\w{6}_\w{29}_mmk", r"4b1d\w{38}", r"CLOJARS_\w{60}"),
    *(r"00D\w{12}(?:\w{3})?!\w[\w.]{60,}", r"(?:pat|sat)\.[\w-]{22}\.\w{24}\.\w{20}"),
    *(r"v1\.0-[0-9a-f]{24}-[0-9a-f]{100,}", r"EAA[A-Z]\w{90,}", r"SK[0-9a-f]{32}"),
)
# Azure: keys of storage and Cosmos DB, of the bus and IoT, client secrets, keys with a signature of
# their service in them.
_AZURE = (
    r"(?<![\w+/=])[A-Za-z0-9+/]{86}(?:==|%3[dD]%3[dD])",
    r"(?<![\w+/=])[A-Za-z0-9+/]{43}(?:=|%3[dD])(?![\w=])",
    r"[\w~.-]{3}\dQ~[\w~.-]{31,34}",
    r"(?<!\w)\w{30,}(?:J9J99[A-Z]|AzS[eE]|ACDb|AzFu|ASt\w|APIM|AIoT|ARmb|AEh\w|ACR\w)\w{4,}",
    r"(?<!\w)s\.[A-Za-z0-9]{24}(?!\w)",
)
_BY_PREFIX = rf"(?<![A-Za-z0-9])(?:{'|'.join(_PREFIXED)})"
PREFIXED = re.compile(_BY_PREFIX)
TOKEN = re.compile("|".join((*_AZURE, _BY_PREFIX)))
