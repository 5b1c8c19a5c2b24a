"""A secret is hidden by where it stands and by its shape, whatever it is made of."""

import random
import string

import pytest

from adf.redaction import HIDDEN, redact
from tests.adf.planted_secrets import planted_secrets

EACH = 40
# Where only a secret stands; each of a kind that has no name with a sign before it.
POSITIONS = {
    "argument of a sign-in": "connect('db', 'etl', '{}') failed",
    "second of a pair": "set('DB_PASSWORD', '{}')",
    "value of an attribute": '{{"name":"SftpPassword","type":"String","value":"{}"}}',
    "attribute of markup": '<input type="password" id="x" value="{}">',
    "column of a table": "user,password,host\netl,{},db1",
    "column of tabs": "host\tpasswd\ndb7\t{}",
    "column of Markdown": "| user | password |\n|---|---|\n| etl | {} |",
    "line of a protocol": "> PASS {}\n530 Login incorrect",
    "file of passwords": "db1.contoso.com:5432:dw:etl:{}",
    "after whose it is": "the pw for sa is still {}",
    "after whose it is, with a colon": "pwd etl: {}",
    "before what it is": "use {} as the sa password",
    "from and to": "changed the password from {} to something",
    "emphasis": "**Password:** {}",
    "fence": "pwd ```{}```",
    "user and using": "db2 connect to dw user etl using {}",
    "after a comma": "lftp -u etl,{} sftp://h",
    "securestring": "ConvertTo-SecureString -String '{}' -AsPlainText",
    "rowset": "OPENROWSET('MSOLEDBSQL', 'srv';'sa';'{}', 'select 1')",
    "Thai": "รหัสผ่านคือ {}",
    "Vietnamese": "Mật khẩu là {}",
    "Hebrew": "הסיסמה היא {}",
    "Hindi": "पासवर्ड है {}",
    "Arabic": "كلمة المرور هي {}",
}

# Words with blanks between them, and paths of letters alone, where nothing else is told by a look.
PHRASES = (
    'The passphrase for the archive is "{}" as agreed',
    "we set the sftp password to '{}' yesterday",
    'PGP passphrase -> "{}"',
    'curl --user "svc:{}" localhost',
    "curl -u 'svc:{}' localhost",
    'net use z: \\\\srv\\share "{}" /user:etl',
    "sshpass -p '{}' ssh x",
    "password=$(echo {})",
)
HOOKS = (
    "https://hooks.zapier.com/hooks/catch/1624806/{}/",
    "https://hook.eu1.make.com/{}",
    "https://hooks.example.com/services/team/{}",
    "https://etl.example/webhooks/9912345/{}",
)


def password(chance: random.Random) -> str:
    """What people choose: a word, a sign and a number."""
    word = "".join(chance.choices(string.ascii_lowercase, k=chance.randint(5, 9))).capitalize()
    return f"{word}{chance.choice('!#%+~')}{chance.randint(1, 99)}"


@pytest.mark.parametrize("position", POSITIONS)
def test_a_password_is_hidden_where_only_a_secret_stands(position: str) -> None:
    chance = random.Random(position)
    for _ in range(EACH):
        secret = password(chance)
        assert secret not in redact(POSITIONS[position].format(secret))


@pytest.mark.parametrize("position", POSITIONS)
def test_a_word_at_that_place_stays(position: str) -> None:
    text = POSITIONS[position].format("expired")
    if position not in {"value of an attribute", "attribute of markup", "emphasis", "fence"} | {
        "securestring"
    }:
        assert "expired" in redact(text)


@pytest.mark.parametrize("position", PHRASES)
def test_a_phrase_of_several_words_is_hidden_to_its_last(position: str) -> None:
    assert "heron" not in redact(position.format("teal moose+rides heron"))


@pytest.mark.parametrize("hook", HOOKS)
def test_the_address_of_a_hook_is_readable_as_far_as_it_is_no_secret(hook: str) -> None:
    chance = random.Random(hook)
    for _ in range(EACH):
        secret = "".join(chance.choices(string.ascii_lowercase, k=chance.randint(8, 20)))
        plain = redact(hook.format(secret))
        assert secret not in plain
        assert plain.count(HIDDEN) == 1


@pytest.mark.parametrize("said", ["is", "was", "changed to", "reset to"])
def test_a_word_that_ends_the_sentence_is_a_password_where_it_is_no_state(said: str) -> None:
    assert "marblefox" not in redact(f"the sftp password {said} marblefox")
    for state in ("expired", "specified", "not found", "case-sensitive", "unavailable"):
        assert redact(f"the sftp password {said} {state}") == f"the sftp password {said} {state}"


BESIDE_A_USER = (
    "machine db1 login etl password marblefox",
    "user: etl, pass: marblefox",
    "username etl / password marblefox",
    "kinit etl with password marblefox",
    "requests.get(url, auth=('etl', 'marblefox'))",
    'db.auth("etl", "marblefox")',
    "user/pass: etl/marblefox",
    "username:password etl:marblefox",
    "echo marblefox | sudo -S cat /etc/hosts",
    'echo "marblefox" | docker login -u etl --password-stdin',
    "exec sp_password 'old', 'marblefox', 'etl'",
    "<property><name>db.password</name><value>marblefox</value></property>",
    "password:\\n    marblefox",
)
PAIRED = ("auth", "pass:", "name:pass", "echo", "sp_", "<")


@pytest.mark.parametrize("text", BESIDE_A_USER)
def test_a_word_beside_the_user_who_signs_in_is_a_password(text: str) -> None:
    assert "marblefox" not in redact(text)
    if not any(one in text for one in PAIRED):
        assert "expired" in redact(text.replace("marblefox", "expired"))


def test_the_seed_of_one_time_codes_is_hidden() -> None:
    assert redact("TOTP seed JBSWY3DPEHPK3PXP of etl") == f"TOTP seed {HIDDEN} of etl"
    assert (
        redact("no MFA for UserErrorInvalidCredential") == "no MFA for UserErrorInvalidCredential"
    )


BEFORE = (
    "Activity Copy_Orders on sqlprod7 failed with 18456: ",
    "run 0f8fad5b-d9cb-469f-a165-70867728950e, table dbo.Orders, ",
    "2031-03-12T02:40:00Z ERROR worker-3 user=etl_svc ",
    "Server: sqlprod7\nDatabase: mart\n",
)


@pytest.mark.parametrize("before", BEFORE)
def test_what_stands_before_it_hides_no_secret_and_stays(before: str) -> None:
    for one in planted_secrets():
        plain = redact(f"{before}{one.text}")
        assert not one.leaks_in(plain)
        assert plain.startswith(before)
    for position in POSITIONS.values():
        assert "Tulip!44x" not in redact(f"{before}{position.format('Tulip!44x')}")


ESCAPES = {
    "unicode": "".join(f"\\u00{ord(one):02x}" for one in "password"),
    "bytes": "".join(f"\\x{ord(one):02x}" for one in "password"),
    "wide": "p\\x00a\\x00s\\x00s\\x00w\\x00o\\x00r\\x00d\\x00",
    "entities": "pass&#119;ord",
    "twice percent": "pass%2577ord",
}


@pytest.mark.parametrize("escape", ESCAPES)
def test_a_name_in_escapes_is_read(escape: str) -> None:
    assert "Quarz" not in redact(f"body {ESCAPES[escape]}=Quarz_44x; host=db1")


def test_a_secret_in_hex_is_found() -> None:
    assert redact(f"body {b'password=Quarz_44x'.hex()} sent") == f"body {HIDDEN} sent"
    assert HIDDEN not in redact(f"name {b'Orders 2031'.hex()} sent")


@pytest.mark.parametrize("length", [40, 48, 64])
def test_a_key_in_hex_is_hidden_and_a_checksum_stays(length: int) -> None:
    chance = random.Random(length)
    for _ in range(EACH):
        key = "".join(chance.choices("0123456789abcdef", k=length))
        assert key not in redact(f"the service said 401 to {key} in prod")
        for known in ("sha256:", "commit ", "checksum ", "etag "):
            assert key in redact(f"{known}{key}")


def test_a_kept_hash_of_a_password_is_hidden() -> None:
    chance = random.Random(1)
    for scheme in ("2b$12", "6", "apr1", "argon2id$v=19$m=65536,t=3,p=4", "y$j9T"):
        kept = "".join(chance.choices(string.ascii_letters + "0123456789./", k=43))
        assert kept not in redact(f"row 7: etl, ${scheme}${kept}, active")


def test_groups_of_a_recovery_key_are_hidden_and_a_guid_stays() -> None:
    assert HIDDEN in redact("Recovery key: 669117-862878-834881-588335-597453-663375")
    assert HIDDEN in redact("license ABCD5-XYZW7-QRST2-LMNO9 is not active")
    guid = "0F8FAD5B-D9CB-469F-A165-70867728950E"
    assert guid in redact(f"run {guid} failed")
    assert "2031-01-02" in redact("from 2031-01-02 to 2031-02-03")
