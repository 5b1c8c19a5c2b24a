"""Time zones by the names schedule triggers use, which are those of Windows."""

_WINDOWS = {
    "UTC": "UTC Etc/UTC GMT Z",
    "GMT Standard Time": "Europe/London Europe/Dublin Europe/Lisbon GB",
    "W. Europe Standard Time": (
        "Europe/Berlin Europe/Amsterdam Europe/Rome Europe/Vienna Europe/Zurich Europe/Stockholm"
        " Europe/Oslo"
    ),
    "Romance Standard Time": (
        "Europe/Paris Europe/Madrid Europe/Brussels Europe/Copenhagen CET MET"
    ),
    "Central Europe Standard Time": "Europe/Prague Europe/Budapest Europe/Belgrade",
    "Central European Standard Time": "Europe/Warsaw Europe/Zagreb",
    "FLE Standard Time": "Europe/Helsinki Europe/Kyiv Europe/Kiev Europe/Sofia Europe/Riga",
    "GTB Standard Time": "Europe/Athens Europe/Bucharest EET",
    "Turkey Standard Time": "Europe/Istanbul Asia/Istanbul Turkey",
    "Russian Standard Time": "Europe/Moscow",
    "Eastern Standard Time": "US/Eastern America/New_York America/Toronto America/Detroit EST5EDT",
    "Central Standard Time": "US/Central America/Chicago America/Winnipeg CST6CDT",
    "Mountain Standard Time": "US/Mountain America/Denver MST7MDT",
    "US Mountain Standard Time": "US/Arizona America/Phoenix",
    "Pacific Standard Time": "US/Pacific America/Los_Angeles America/Vancouver PST8PDT",
    "Alaskan Standard Time": "US/Alaska America/Anchorage",
    "Hawaiian Standard Time": "US/Hawaii Pacific/Honolulu",
    "Central Standard Time (Mexico)": "America/Mexico_City",
    "SA Pacific Standard Time": "America/Bogota America/Lima",
    "E. South America Standard Time": "America/Sao_Paulo Brazil/East",
    "Argentina Standard Time": "America/Argentina/Buenos_Aires America/Buenos_Aires",
    "South Africa Standard Time": "Africa/Johannesburg",
    "Egypt Standard Time": "Africa/Cairo",
    "W. Central Africa Standard Time": "Africa/Lagos",
    "E. Africa Standard Time": "Africa/Nairobi",
    "Israel Standard Time": "Asia/Jerusalem Asia/Tel_Aviv",
    "Arabian Standard Time": "Asia/Dubai",
    "Arab Standard Time": "Asia/Riyadh",
    "Pakistan Standard Time": "Asia/Karachi",
    "India Standard Time": "Asia/Kolkata Asia/Calcutta",
    "SE Asia Standard Time": "Asia/Bangkok Asia/Jakarta Asia/Ho_Chi_Minh",
    "China Standard Time": "Asia/Shanghai Asia/Hong_Kong PRC",
    "Singapore Standard Time": "Asia/Singapore Asia/Kuala_Lumpur Asia/Manila Singapore",
    "Taipei Standard Time": "Asia/Taipei",
    "Tokyo Standard Time": "Asia/Tokyo Japan",
    "Korea Standard Time": "Asia/Seoul",
    "W. Australia Standard Time": "Australia/Perth",
    "AUS Eastern Standard Time": "Australia/Sydney Australia/Melbourne",
    "E. Australia Standard Time": "Australia/Brisbane",
    "New Zealand Standard Time": "Pacific/Auckland NZ",
}
_IANA = {windows.lower(): names.split()[0] for windows, names in _WINDOWS.items()}
_BY_NAME = {name.lower(): windows for windows, names in _WINDOWS.items() for name in names.split()}


def windows_zone(name: str) -> str:
    """The Windows name of an IANA zone; a name not in the list stays as it is."""
    return _BY_NAME.get(name.lower(), name)


def iana_zone(name: str) -> str:
    """The IANA name of a Windows zone; a name not in the list stays as it is."""
    return _IANA.get(name.lower(), name)
