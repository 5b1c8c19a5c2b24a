"""Opens the table of a setting, or makes it: `tables:https://ACCOUNT.table.core.windows.net/TABLE`.

The bot signs in by Microsoft Entra. On this machine the emulator is spoken to as its own account,
whose key is public and part of its documentation.
"""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from azure.core.credentials import AzureNamedKeyCredential
from azure.core.exceptions import HttpResponseError, ResourceExistsError
from azure.data.tables.aio import TableClient, TableServiceClient
from azure.identity.aio import DefaultAzureCredential

from bot.state.store.interface import StoreError, Unusable
from bot.state.store.schema import check_schema
from bot.state.store.tables.patience import Patience
from bot.state.store.tables.store import TablesStore

TABLE = "adfops"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{2,62}")
# https://learn.microsoft.com/azure/storage/common/storage-use-azurite#well-known-storage-account-and-key
_EMULATOR = "devstoreaccount1"
EMULATOR_KEY = (
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
)
_FORBIDDEN = 403
_CONNECT_SECONDS, _READ_SECONDS = 5.0, 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TableAddress:
    """Where a table is: the endpoint of its account, and its name there."""

    endpoint: str
    table: str
    is_emulator: bool


def parse_address(url: str) -> TableAddress:
    """Read the address of a setting; Unusable says what is wrong with it."""
    parts = urlsplit(url)
    is_emulator = parts.scheme == "http" and _is_loopback(parts.hostname or "")
    path = [one for one in parts.path.split("/") if one]
    account = [path.pop(0)] if is_emulator and path[:1] == [_EMULATOR] else []
    name = path.pop(0) if path else TABLE
    is_plain = not (path or parts.query or parts.fragment or parts.username or parts.password)
    if not (parts.hostname and is_plain and (parts.scheme == "https" or account)):
        raise Unusable(
            "ADFOPS_STORE: say tables:https://ACCOUNT.table.core.windows.net/TABLE, without a key"
        )
    if not _NAME.fullmatch(name):
        raise Unusable(f"ADFOPS_STORE: a table has 3 to 63 letters and digits, not {name}")
    endpoint = "/".join([f"{parts.scheme}://{parts.netloc}", *account])
    return TableAddress(endpoint=endpoint, table=name, is_emulator=is_emulator)


async def open_tables(url: str, patience: Patience | None = None) -> TablesStore:
    """Open the table, or make it; Unusable says what is wrong."""
    address = parse_address(url)
    patience = patience or Patience()
    credential = (
        AzureNamedKeyCredential(_EMULATOR, EMULATOR_KEY)
        if address.is_emulator
        else DefaultAzureCredential()
    )
    service = TableServiceClient(
        address.endpoint,
        credential=credential,
        retry_total=0,
        connection_timeout=_CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
        # Which proxy leads to this machine would be looked up anew, in a thread, for each request.
        use_env_settings=not address.is_emulator,
    )
    table = service.get_table_client(address.table)

    async def close() -> None:
        await service.close()
        if isinstance(credential, DefaultAzureCredential):
            await credential.close()

    store = TablesStore(table, close, patience)
    try:
        await _prepare(table, store, patience)
    except BaseException:
        await close()
        raise
    return store


async def _prepare(table: TableClient, store: TablesStore, patience: Patience) -> None:
    """Make the table where there is none, and leave alone one that a newer bot has changed."""
    try:
        await patience.call(lambda _: _make(table))
        await check_schema(store)
    except Unusable:
        raise
    except StoreError as error:
        raise Unusable(f"ADFOPS_STORE: {error}") from None


async def _make(table: TableClient) -> None:
    try:
        await table.create_table()
    except ResourceExistsError:
        return
    except HttpResponseError as error:
        # An identity whose role ends at the table may use it, and not make it.
        if error.status_code != _FORBIDDEN:
            raise


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
