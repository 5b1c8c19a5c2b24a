"""How lengths, moments and days are written, in English and German."""

import re

from bot.agent.offline.clocks import CLOCK, DAYS, HOUR, NUMBER, TAGE

UNIT = (
    r"(minutes?|mins?|minuten|hours?|hrs?|h|stunden?|std|days?|d|tage?n?|weeks?|wks?|w|wochen?"
    r"|months?|monate?n?)"
)
WEEKDAYS = "|".join(DAYS + TAGE)
FEW = rf"({NUMBER})?"
LENGTH = re.compile(
    r"(?i)\b(?:(?:in |over |for |within |during )?(?:the |den |der |dem )?"
    r"(?:last|past|previous|recent|letzte[nrm]?|vergangenen))\s*"
    rf"{FEW}\s*{UNIT}\b"
)
BARE_LENGTH = re.compile(
    rf"(?i)(?<!for )(?<!for about )(?<!took )(?<!takes )\b(?:in |over |within )?(\d+)\s?{UNIT}"
    r"(?=\s*(?:[?.!,)]|$))"
)
AGO = re.compile(rf"(?i)\b(?:since |seit |vor |about )?({NUMBER})\s*{UNIT} ago\b")
VOR = re.compile(rf"(?i)\bvor ({NUMBER})\s*{UNIT}\b")
DAY_BEFORE = r"(?:(yesterday|gestern|last night|heute nacht|today|heute)\s+)?"
BETWEEN = re.compile(
    rf"(?i)\b{DAY_BEFORE}(?:between|zwischen|from|von)\s+{CLOCK}\s*(?:and|und|to|till|until|-|–|bis)"
    rf"\s*{CLOCK}(?:\s+(yesterday|gestern|last night|this morning)(?![\w-]))?"
)
SINCE_CLOCK = re.compile(
    rf"(?i)\b(?:since|seit|ab)\b[^.?!\d]{{0,40}}?\(?{CLOCK}\)?"
    rf"|\bfrom\s+{CLOCK}\s+on(?:wards?)?\b"
    rf"|\bafter\s+{CLOCK}(?!\s+(?:retries|runs|attempts|tries|failures|errors|steps|rows|minutes|hours|times"
    r"|days)\b)"
)
AT_CLOCK = re.compile(
    rf"(?i)\b(?:at|around|um|gegen)\s+(?:about |around )?{HOUR}"
    r"(?:\s+(?:this morning|today|last night|tonight))?"
)
BEFORE_CLOCK = re.compile(rf"(?i)\b(?:before|vor)\s+{CLOCK}(?=\s*(?:[?.!,)]|$|today|this morning))")
MONTHS = (
    r"(?:jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|apr(?:il)?|may|mai|june?|juni|july?"
    r"|juli|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)"
)
DATE = re.compile(
    r"(?i)\b(since |seit(?: dem)? |after )?(?:on |am |the )*(?:"
    r"(\d{4})-(\d\d)-(\d\d)"
    rf"|(\d{{1,2}})(?:st|nd|rd|th|\.)? ?(?:of )?({MONTHS})\b(?: (\d{{4}}))?"
    rf"|({MONTHS}) (\d{{1,2}})(?:st|nd|rd|th)?\b)"
)
SINCE_DAY = re.compile(
    r"(?i)\b(?P<since>since |seit )?(?:all day |the whole day |den ganzen tag )?"
    r"(?P<day>midnight|mitternacht|noon|mittag|this afternoon|heute nachmittag|this morning"
    r"|heute (?:fr[uü]h|morgen)|today|heute(?! (?:nacht|abend))|the day before yesterday|vorgestern"
    r"|yesterday|gestern|yday|yesterdays|last night|last nite|tonight|overnight|heute nacht"
    r"|letzte nacht|over night|this evening|(?:during|in) the night|nachts|über nacht"
    r"|in der nacht|over the weekend|(?:the|last|this) weekend"
    rf"|(?:am )?wochenende|this week|diese woche|this month|diesen monat"
    rf"|(?:last |on |am |letzten )?(?:{WEEKDAYS}))s?"
    r"(?: (?P<part>night|evening|afternoon|morning|abend|nachmittag|nacht|fr[uü]h))?\b"
)
