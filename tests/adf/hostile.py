"""Texts that hide secrets badly or make patterns slow, and words that only look like secrets."""

import json
import random
from collections.abc import Iterator
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


def bombs(length: int) -> Iterator[tuple[str, str]]:
    """Long texts that make careless patterns take for ever, each with a name."""
    for piece in _REPEATED:
        yield piece, (piece * (length // len(piece) + 1))[:length]
    yield "connection", "connectionString=" + "a b=c;" * (length // 6)
    yield "token", "_" * length + "token="
    chance = random.Random(1)
    yield "chance", "".join(chance.choices("abc=;:\"'\\{}[] \n,.%+/-0123", k=length))
