"""An insurer in Zurich: dev and prod share names; German, Pascal case, numbered prefixes."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.paraphrases.worlds import Told, World

PROD, DEV = "vsl-prod", "vsl-dev"


def _one(name: str, outcomes: str, factory: str = PROD, **told: Any) -> Told:  # noqa: ANN401
    return Told(name=name, factory=factory, outcomes=outcomes, **told)


_PRODUCTIVE = (
    _one("P0110_PolicenImport", "FSSS", age=2.1, critical=True),
    _one("P0120_SchadenImport", "SSFS", age=2.3, critical=True),
    _one("P0130_PraemienLauf", "RSSS", age=0.6, minutes=80, critical=True),
    _one("P0140_Provisionen", "FFSS", age=3.2),
    _one("P0200_RueckExport", "SSSS", age=4.6),
    _one("P0210_Mahnlauf", "FSSS", age=5.1),
    _one("P0300_BestandAbgleich", "SSSF", every=12, age=1.5),
    _one("P0310_BestandAbgleichNacht", "FSSS", age=3.6),
    _one("KundenStammLaden", "SFSS", age=2.8, critical=True),
    _one("KundenStammPruefen", "SSSS", age=2.4),
    _one("SchadenMeldungEingang", "FSSSSF", every=3, age=1.1, minutes=6),
    _one("SchadenStatus", "SSFS", age=2.2, wordy=True),
    _one("TagesAbschluss", "FSSS", age=4.1, critical=True, wordy=True),
    _one("MonatsAbschluss", "S", age=200),
    _one("FehlerBericht", "SSSS", age=3.3, wordy=True),
    _one("ErrorQueueReplay", "FSSS", every=4, age=1.8, wordy=True),
    _one("BackupArchiv", "SFSS", age=6.2, minutes=120, wordy=True),
    _one("LadeVertraege", "SSSS", age=2.7),
    _one("StornoLauf", "FSSS", age=3.8, wordy=True),
    _one("RerunOffenePosten", "SSFS", age=5.4, wordy=True),
    _one("GesternTagesSaldo", "FSSS", age=2.6, wordy=True),
    _one("SolvencyReport", "SSSS", age=7.1),
    _one("SolvencyReportQ", "SF", age=90, every=100),
    _one("MasterNachtlauf", "FSSS", age=3.0, minutes=75, critical=True),
    _one("DwhKunden", "SSSS", age=2.9, parent="MasterNachtlauf"),
    _one("DwhLeistungen", "FSSS", age=2.5, minutes=25, parent="MasterNachtlauf"),
    _one("Sync48hKurse", "SSSSS", every=6, age=1.7, wordy=True),
    _one("BriefVersand", "FSSS", age=4.3),
    _one("BriefVersandTest", "SSSS", age=4.4),
    _one("TarifRechner", "SSFS", age=8.3),
    _one("HagelModellScoring", "SSSS", age=9.2),
    _one("AktuarielleReserven", "SCSS", age=10.1),
)
_DEVELOPED = (
    _one("P0110_PolicenImport", "SSFF", DEV, age=7.0),
    _one("P0120_SchadenImport", "FFSS", DEV, age=7.5),
    _one("P0140_Provisionen", "SSSS", DEV, age=8.0),
    _one("P0300_BestandAbgleich", "FSSS", DEV, age=9.0),
    _one("KundenStammLaden", "FFFS", DEV, age=6.5),
    _one("SchadenStatus", "FSSS", DEV, age=8.5, wordy=True),
    _one("TagesAbschluss", "SSSS", DEV, age=9.5, wordy=True),
    _one("MasterNachtlauf", "SSSS", DEV, age=11.0),
    _one("BriefVersand", "SSSS", DEV, age=7.8),
    _one("TarifRechner", "RSSS", DEV, age=0.2),
    _one("SandkastenProbe", "FFSS", DEV, age=5.8),
    _one("P0999_MigrationAltsystem", "FSSS", DEV, age=6.9),
)

INSURANCE = World(
    name="insurance",
    zone=ZoneInfo("Europe/Zurich"),
    moments=(
        datetime.fromisoformat("2026-10-26T03:35:00+00:00"),
        datetime.fromisoformat("2026-05-20T11:10:00+00:00"),
    ),
    factories=(PROD, DEV),
    pipelines=_PRODUCTIVE + _DEVELOPED,
    strangers=(
        "P0125_PolicenExport",
        "P0400_Inkasso",
        "LohnbuchhaltungExport",
        "KundenStammLoeschen",
        "SalesforceLeads",
        "P0150_Praemienrabatt",
        "WochenAbschluss",
        "Sync72hKurse",
        "BriefVersandArchiv",
        "FahrzeugDatenImport",
        "CrmKontakte",
        "DwhMakler",
        "HypothekenLauf",
    ),
    baits=(
        "wie wird das wetter in zürich morgen",
        "mein backup auf dem laptop ist kaputt",
        "wer hat heute pikett",
        "how do i file a claim for my bike",
        "ist sap gerade down",
        "der drucker im 3. stock hat einen fehler",
        "what's the tarif for the tram to oerlikon",
        "kannst du mir einen brief an den kunden schreiben",
        "ist der citrix login langsam oder nur bei mir",
        "why is the databricks cluster red",
        "status of the mainframe batch please",
        "wann ist der monatsabschluss in der buchhaltung fällig",
        "which customer has the most hail damage",
        "is the kafka topic for claims lagging",
        "übersetze mir bitte solvency auf französisch",
    ),
)
