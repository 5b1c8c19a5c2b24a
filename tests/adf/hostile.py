"""Texts that hide secrets badly or make patterns slow, and words that only look like secrets."""

import base64
import json
import random
from collections.abc import Iterator, Mapping
from urllib.parse import quote

SECRETS = (
    "Zq7-planted+Secret/42",
    "hunter2",
    "p@ss'w\"rd;x",
    "a,b&c}d",
    "wz9 blanky xq7w",
    "Zq7\nplanted",
    "tqb\tbxd9",
    "{braced}}x",
    "bqck\\slxsh\\9",
    "ünïcödé9",
    "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8S9t0U1v==",
)

NEAR_MISSES = (
    "Password expired for user 'svc'",
    "The password has expired. Contact the admin; see wiki",
    "Server failed to authenticate the request. Signature mismatch: the signature did not match",
    "Failed: token expired, please retry",
    "Unexpected token } in JSON at position 4",
    "Violation of PRIMARY KEY constraint 'PK_x'. The duplicate key value is (17).",
    "The primary key: CustomerId is missing",
    "Host key finger-print validation failed",
    "The secret 'sql-pay' was not found in the key vault 'kv-prod'",
    "Secret not found: sql-pay",
    "Invalid column name 'Password'.",
    "Cannot find column 'password', table 'dw.users'",
    "basic authentication is not supported",
    "Bearer authentication required",
    "The access token has expired",
    "Could not get token: AADSTS700082",
    "C:\\data\\keys\\file.csv not found",
    "run 0f8fad5b-d9cb-469f-a165-70867728950e failed",
    "https://dev.azure.com/org/_apis/git/repositories/0f8fad5b-d9cb-469f-a165-70867728950e",
    "errorCode: 40613, state: 1",
    "Authentication key is invalid or empty",
    "Azure key vault error: Forbidden",
    "Partition key: /id",
    "user@contoso.com wrote to a:b",
    "Path: abfss://raw@acct.dfs.core.windows.net/a/b.parquet",
    "The connection string is invalid.",
    "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "AuthorizationFailed: the client does not have authorization to perform action",
)


def planted(secret: str) -> Iterator[str]:
    """Texts with a secret in them, each in a form that such texts really take."""
    yield from _quoted(secret)
    yield from _encoded(secret)
    if ";" not in secret and not secret.startswith("{"):
        yield f"Server=tcp:x;User ID=svc;Password={secret};Encrypt=True"
        yield f"DefaultEndpointsProtocol=https;AccountKey={secret};EndpointSuffix=x"
        yield f"Endpoint=sb://x/;SharedAccessKeyName=n;SharedAccessKey={secret};EntityPath=e"
    if secret.isalnum() or (secret[-1].isalnum() and not set(secret) & set(" \t\n;,{\"'")):
        yield from _bare(secret)


def _quoted(secret: str) -> Iterator[str]:
    double, single = secret.replace('"', '""'), secret.replace("'", "''")
    yield f'Server=x;Password="{double}";Encrypt=True'
    yield f"Server=x;Pwd='{single}';Encrypt=True"
    yield f"Driver={{X}};Pwd={{{secret.replace('}', '}}')}}};Server=y"
    yield f"CREATE LOGIN x WITH PASSWORD = N'{single}', CHECK_POLICY=OFF"
    yield f"ALTER USER x PASSWORD '{single}' VALID"
    yield f'CREATE USER x IDENTIFIED BY "{double}" ACCOUNT UNLOCK'
    yield f"CREATE DATABASE SCOPED CREDENTIAL c WITH IDENTITY='x', SECRET = '{single}'"


def _encoded(secret: str) -> Iterator[str]:
    plain = json.dumps({"password": secret})
    yield plain
    yield json.dumps({"m": plain})
    yield json.dumps(json.dumps({"m": plain}))
    yield json.dumps({"grant": 1, "client_secret": secret, "x": 2})
    yield json.dumps({"type": "SecureString", "value": secret})
    yield json.dumps({"password": {"type": "SecureString", "value": secret}})
    yield json.dumps({"name": "apiKey password", "value": secret})
    yield f"password={quote(secret, safe='')}&grant_type=x"
    yield quote(f"Server=x;Password={secret};Encrypt=True", safe="")
    yield quote(plain, safe="")
    yield f"https://a.blob.core.windows.net/c?sv=1&sig={quote(secret, safe='')}&se=2"
    yield f"https://f.azurewebsites.net/api/x?code={quote(secret, safe='')}"
    yield f"https://user:{quote(secret, safe='')}@host.example.com/x"


def _bare(secret: str) -> Iterator[str]:
    yield f"Message=Cannot connect: Password={secret},Source=X"
    yield f"Authorization: Bearer {secret}"
    yield f"x-api-key: {secret}"
    yield f"sqlcmd --password {secret} -S x"
    yield f'<wsse:Password Type="PasswordText">{secret}</wsse:Password>'
    yield f"password:\n  {secret}"


_REPEATED = (
    *("a", " ", "=", "a=b;", '"', "\\", '\\"', "'", "-", "_", "{", "[", "\n", "1", "//", "\u202ea"),
    *("password=", 'password = "', "password:", "connectionstring=", "connection string= a a a"),
    *("a.b-", "http://", "a://b:", "<at ", "< ", "eyJ", "eyJaaaaaaaa", "ABCD", "-----BEGIN A-----"),
    *(
        "token_",
        "sig=",
        "secret.",
        "a-credential-",
        "account key ",
        "private-",
        "basic aaaaaaaaaaaa",
    ),
    *("Operation on target ", "Operation on target X failed: ", "ErrorCode=", "''Type=X,Message="),
    *(
        '{"message":',
        '"message":"',
        "Inner activity name: ",
        "integration runtime '",
        "1-1-1",
        "0x",
    ),
    *("a/1.", "1:", "😀", "\ud800", "column '", "cluster ", "template function ", "dapi0", "www."),
    *("user,password\n", "a,b,password\nx,y,z1!abc\n", "PASS ", "connect(a,", "\\u0041", "&#65;"),
    *("$a$b$c", "password for a b ", "p/w ", "https://a/hooks/", "ABCD-", "cred: a/", "पासवर्ड "),
    *("bearer ", "authorization: bearer ", "execution worker with type '", "\r\n", "%3d", "&quot;"),
)


_FORMS: Mapping[str, tuple[str, str]] = {
    "deep JSON": ('{"a":[', "]}"),
    "deep brackets": ("([{<", ">}])"),
    "deep XML": ("<a b='c'><d>", "</d></a>"),
    "deep HTML": ("<div class=x><span>", "</span></div>"),
    "deep quotes": ("\"'`", "`'\""),
}
_LINES: Mapping[str, str] = {
    "YAML": "- name: a{0}\n  config:\n    key: value{0}\n    list: [1, 2]\n",
    "stack trace": "   at A.B.C{0}(String s) in C:\\x\\y.cs:line {0}\n--- End of inner trace ---\n",
    "Java trace": "\tat org.apache.spark.A{0}.run(A.scala:{0})\nCaused by: java.lang.E: x{0}\n",
    "SQL": "SELECT a{0}, b FROM t{0} AS x JOIN u ON x.id = u.id WHERE c = 'it''s' OR d = {0};\n",
    "Markdown table": "| a{0} | b | `c` | **d** |\n|---|---|---|---|\n",
    "CSV": 'a{0},"b ""c""",{0},2026-03-12T02:40:00Z\n',
    "addresses": "https://host{0}.example.com/a/b?c={0}&d=e#f user{0}@example.com ",
    "GUIDs": "{0:08x}-0000-4000-8000-{0:012x} ",
    "paths": "C:\\data\\in{0}\\file.csv /mnt/raw/y={0}/part-{0}.parquet ",
    "JSON lines": '{{"id": {0}, "message": "a \\\\\\"b\\\\\\" c", "error": {{"code": "E{0}"}}}}\n',
    "log": "2026-03-12T02:40:00.{0:07d}Z [ERROR] worker-{0} job=j{0} took {0} ms: timed out\n",
}
_CHARACTERS: Mapping[str, str] = {
    "combining marks": "e" + "\u0301\u0323" * 40,
    "zero width": "a\u200b\u200d\ufeff",
    "right to left": "\u05e9\u05dc\u05d5\u05dd \u202e\u0645\u0631\u062d\u0628\u0627 ",
    "joined emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467\ufe0f",
    "full width": "\uff50\uff41\uff53\uff53\uff1d\uff41 ",
    "nested escapes": '\\\\\\\\u005c\\\\\\"',
    "percent-encoded": "%25%32%35%3D%26a%2Fb",
    "entities": "&amp;amp;lt;&#x26;#61;",
    "long words": "a" * 5_000 + " ",
    "Chinese": "\u6570\u636e\u5de5\u5382\u7ba1\u9053\u5931\u8d25",
}


def bombs(length: int) -> Iterator[tuple[str, str]]:
    """Long texts that make careless patterns take for ever, each with a name."""
    for piece in _REPEATED:
        yield piece, (piece * (length // len(piece) + 1))[:length]
    for name, (opens, closes) in _FORMS.items():
        half = length // (len(opens) + len(closes))
        yield name, opens * half + closes * half
    for name, line in _LINES.items():
        block = "".join(line.format(number) for number in range(1_000))
        yield name, (block * (length // len(block) + 1))[:length]
    for name, piece in _CHARACTERS.items():
        yield name, (piece * (length // len(piece) + 1))[:length]
    noise = base64.b64encode(random.Random(2).randbytes(30_000)).decode()
    yield "base64", (noise * (length // len(noise) + 1))[:length]
    yield "connection", "connectionString=" + "a b=c;" * (length // 6)
    yield "token", "_" * length + "token="
    chance = random.Random(1)
    yield "chance", "".join(chance.choices("abc=;:\"'\\{}[] \n,.%+/-0123", k=length))
