"""The setting of a table: read, refused with what to say instead, and its schema respected."""

import asyncio

import pytest

from bot.state.store import StoreError, Unusable, open_store
from bot.state.store.schema import ITSELF, SCHEMA, SCHEMA_VERSION, check_schema
from bot.state.store.tables import open_tables
from bot.state.store.tables.opening import TableAddress, parse_address
from bot.state.store.tables.patience import Patience
from tests.doubles.azurite import Azurite

SAY = "tables:https://ACCOUNT.table.core.windows.net/TABLE"


@pytest.mark.parametrize(
    ("url", "endpoint", "table"),
    [
        ("https://a.table.core.windows.net", "https://a.table.core.windows.net", "adfops"),
        ("https://a.table.core.windows.net/", "https://a.table.core.windows.net", "adfops"),
        ("https://a.table.core.windows.net/Ops2", "https://a.table.core.windows.net", "Ops2"),
        ("https://a.table.cosmos.azure.com:443/x12", "https://a.table.cosmos.azure.com:443", "x12"),
    ],
)
def test_an_address_has_an_account_and_a_table(url: str, endpoint: str, table: str) -> None:
    assert parse_address(url) == TableAddress(endpoint=endpoint, table=table, is_emulator=False)


@pytest.mark.parametrize("host", ["127.0.0.1:10002", "localhost:10002", "[::1]:10002"])
def test_the_emulator_is_one_of_this_machine(host: str) -> None:
    address = parse_address(f"http://{host}/devstoreaccount1/abc")
    assert address == TableAddress(
        endpoint=f"http://{host}/devstoreaccount1", table="abc", is_emulator=True
    )


@pytest.mark.parametrize(
    "url",
    [
        "",
        "account",
        "http://a.table.core.windows.net/ops",
        "http://10.0.0.4:10002/devstoreaccount1/ops",
        "http://127.0.0.1:10002/other/ops",
        "https://a.table.core.windows.net/ops?sv=2020&sig=x",
        "https://user:key@a.table.core.windows.net/ops",
        "https://a.table.core.windows.net/ops/more",
        "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=k",
    ],
)
async def test_any_other_address_is_refused_with_what_to_say(url: str) -> None:
    with pytest.raises(Unusable) as error:
        await open_store(f"tables:{url}")
    assert SAY in str(error.value)
    assert "sig=" not in str(error.value)
    assert "key@" not in str(error.value)


@pytest.mark.parametrize("name", ["ab", "1abc", "a-b", "a" * 64, "a_b"])
def test_a_name_that_no_table_may_have_is_refused(name: str) -> None:
    with pytest.raises(Unusable):
        parse_address(f"https://a.table.core.windows.net/{name}")


@pytest.mark.real_time
async def test_twenty_replicas_open_a_new_table_at_once(azurite: Azurite) -> None:
    url = azurite.new_table()
    stores = await asyncio.gather(*(open_store(url) for _ in range(20)))
    await stores[0].insert("p", "k", {})
    assert await stores[-1].get("p", "k") is not None
    await asyncio.gather(*(one.close() for one in stores))


@pytest.mark.real_time
async def test_a_service_that_is_not_there_is_unusable(azurite: Azurite) -> None:
    url = azurite.new_table().removeprefix("tables:").replace(str(azurite.port), "9")
    with pytest.raises(Unusable, match="does not answer"):
        await open_tables(url, Patience(tries=2))


@pytest.mark.real_time
async def test_an_older_replica_goes_on_beside_a_newer_one_that_it_can_read(
    azurite: Azurite,
) -> None:
    url = azurite.new_table()
    older = await open_store(url)
    await check_schema(older, version=SCHEMA_VERSION + 1, readable_by=SCHEMA_VERSION)
    again = await open_store(url)
    row = await again.get(ITSELF, SCHEMA)
    assert row is not None
    assert row.value == {"version": SCHEMA_VERSION + 1, "readable_by": SCHEMA_VERSION}
    await older.close()
    await again.close()


@pytest.mark.real_time
async def test_a_table_that_a_newer_version_has_changed_is_left_alone(azurite: Azurite) -> None:
    url = azurite.new_table()
    store = await open_store(url)
    await check_schema(store, version=SCHEMA_VERSION + 2, readable_by=SCHEMA_VERSION + 1)
    with pytest.raises(Unusable, match="newer version"):
        await open_store(url)
    with pytest.raises(StoreError):
        await check_schema(store)
    await store.close()
