"""Has Chromium read the forms of links: `python -m tests.adf.url_judge` records what it says.

The record is in tests/data/redaction/links.jsonl; a form that a browser cannot parse has no host.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

RECORD = Path(__file__).parents[1] / "data" / "redaction" / "links.jsonl"
GOOD = "dev.azure.com"
BAD = "evil.example"
_TRICKS = (
    *(
        "https://{g}/org/_apis",
        "https://{g}",
        "https://{g}:443/x",
        "https://{g}:8443/x",
        "HTTPS://{g}/X",
    ),
    *("https://DEV.Azure.com/x", "https://{g}?x=1", "https://{g}#x", "https:/{g}/x", "https:{g}/x"),
    *(
        "https:\\\\{g}\\x",
        "https:///{g}/x",
        "https://user@{g}/x",
        "https://{g}/a@{b}",
        "https://{g}/?u=https://{b}",
    ),
    *(
        "https://{g}/#@{b}/",
        "https://{b}@{g}/x",
        "https://{b}%40@{g}/x",
        "https://{g}//{b}/x",
        "https://{g}\\@{b}",
    ),
    *(
        "https://learn.microsoft.com/en-us/azure",
        "https://aka.ms/adf",
        "https://portal.azure.com/#x",
    ),
    *(
        "https://{b}",
        "https://{b}/x",
        "http://{g}/x",
        "ftp://{g}/x",
        "http://{b}/x",
        "https://{b}?.azure.com",
    ),
    *(
        "https://{b}#.azure.com",
        "https://{b}&.azure.com",
        "https://{b};.azure.com",
        "https://{b},.azure.com",
    ),
    *(
        "https://{b}%.azure.com",
        "https://{b}|.azure.com",
        "https://{b}`.azure.com",
        "https://{b}{{.azure.com",
    ),
    *(
        "https://{b}:443.azure.com",
        "https://{b}\\.azure.com",
        "https://{b}\\@{g}",
        "https://{b}/@{g}",
    ),
    *(
        "https://{b}?@{g}",
        "https://{b}#@{g}",
        "https://{g}@{b}/x",
        "https://{g}:443@{b}/x",
        "https://{g}:x@{b}",
    ),
    *(
        "https://{g}%00.{b}/x",
        "https://{g}%2e{b}/x",
        "https://{g}.{b}/x",
        "https://{g}-{b}/x",
        "https://{g}..{b}/",
    ),
    *(
        "https://{g}\u3002{b}/x",
        "https://{g}\uff0e{b}/x",
        "https://{g}\uff61{b}/x",
        "https://dev.\u0430zure.com/x",
    ),
    *(
        "https://xn--dev-azure.com/x",
        "https://{g}%2f@{b}/x",
        "https://{g}%40{b}/x",
        "https://{g}%5c@{b}/x",
    ),
    *(
        "https:/{b}/x",
        "https:{b}/x",
        "https:\\\\{b}\\x",
        "https:///{b}/x",
        "https://1.1.1.1/x",
        "https://0x7f.1/",
    ),
    *(
        "https://2130706433/x",
        "https://[::1]/x",
        "https://[::ffff:1.1.1.1]/x",
        "https://azure.com/x",
        "https://notazure.com/x",
    ),
    *(
        "https://x.azure.com/x",
        "https://x.blob.core.windows.net/c/f",
        "https://x.z6.web.core.windows.net/",
    ),
    *(
        "https://contoso.sharepoint.com/x",
        "https://x.azurewebsites.net/x",
        "https://x.vault.azure.net/secrets/a",
    ),
    *(
        "https://{g}./x",
        "https://{g}'@{b}/x",
        "https://{g}!@{b}/x",
        "https://{g}$.{b}/x",
        "https://{g}*.{b}/x",
    ),
    *(
        "https://{g}(@{b}",
        "https://{g}).{b}/x",
        "https://{g};@{b}/x",
        "https://{g},{b}/x",
        "https://{g}&@{b}/x",
    ),
    *(
        "https://{g}=@{b}/x",
        "https://{g}+.{b}",
        "https://{g}~.{b}",
        "https://{g}_.{b}",
        "https://\u00ad{g}/x",
    ),
    *(
        "wss://{g}/x",
        "https://{g}:99999/x",
        "https://{g}:/x",
        "https://@{g}/x",
        "https://:@{g}/x",
        "https://{g}:@{b}",
    ),
)
FORMS = tuple(one.format(g=GOOD, b=BAD) for one in _TRICKS)
_PAGE = """<!doctype html><meta charset=utf-8><pre id=o></pre><script>
document.getElementById("o").textContent = JSON.stringify(%s.map(f => { try { const u = new URL(f);
return {protocol: u.protocol, host: u.hostname}; } catch { return {protocol: "", host: ""}; } }));
</script>"""


def main() -> int:
    """Ask Chromium, and write down what it says."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        print("needs Chromium", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(_PAGE % json.dumps(FORMS), encoding="utf-8")
        said = subprocess.run(
            [browser, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", page.as_uri()],
            check=True,
            capture_output=True,
            timeout=120,
        ).stdout.decode()
    found = json.loads(said.partition('id="o">')[2].partition("</pre>")[0].replace("&amp;", "&"))
    rows = ({"form": form, **one} for form, one in zip(FORMS, found, strict=True))
    RECORD.write_text("".join(json.dumps(one, ensure_ascii=True) + "\n" for one in rows))
    print(f"{len(FORMS)} forms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
