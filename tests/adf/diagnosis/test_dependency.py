"""One broken thing is one cause in every pipeline; what only looks alike is not."""

import pytest

from adf.diagnosis import dependency_of, error_mark
from adf.records import ActivityError, Cause


def cause(message: str, code: str = "2200") -> Cause:
    return Cause(path=(), failed=(), error=ActivityError(code=code, message=message))


def refused(server: str, user: str = "etl", database: str = "dw") -> str:
    return (
        "ErrorCode=SqlFailedToConnect,'Type=Microsoft.DataTransfer.Common.Shared.HybridDelivery"
        f"Exception,Message=Cannot connect to SQL Database: '{server}', Database: '{database}', "
        f"User: '{user}'. Check the linked service configuration is correct.,Source=Microsoft.Data"
        "Transfer.Connectors.MSSQL,''Type=System.Data.SqlClient.SqlException,Message=Login failed "
        f"for user '{user}'.,Source=.Net SqlClient Data Provider,SqlErrorNumber=18456'"
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (refused("sql1.database.windows.net"), refused("sql1.database.windows.net", database="hr")),
        (refused("tcp:sql1.db.net,1433"), refused("SQL1.db.net")),
        (
            "The remote name could not be resolved: 'api.partner.example.com'",
            "No such host is known. (api.partner.example.com:443)",
        ),
        (
            "REQUEST_LIMIT_EXCEEDED: TotalRequests Limit exceeded.",
            "ErrorCode=SalesforceAPILimitExceeded, Message=REQUEST_LIMIT_EXCEEDED: TotalRequests "
            "Limit exceeded.",
        ),
        (
            "The Self-hosted Integration Runtime 'shir-1' is offline, last 11/21/2022 04:23",
            "The Self-hosted Integration Runtime 'shir-1' is offline, last 11/22/2022 05:00",
        ),
    ],
)
def test_the_same_broken_thing_has_one_name(one: str, other: str) -> None:
    assert dependency_of(cause(one)) is not None
    assert dependency_of(cause(one)) == dependency_of(cause(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (refused("sql1.database.windows.net"), refused("sql2.database.windows.net")),
        (refused("sql1.db.net", user="etl"), refused("sql1.db.net", user="bi")),
        (
            "The remote name could not be resolved: 'a.example.com'",
            "The remote name could not be resolved: 'b.example.com'",
        ),
        (
            "The Self-hosted Integration Runtime 'shir-1' is offline, last connect x",
            "The Self-hosted Integration Runtime 'shir-2' is offline, last connect x",
        ),
    ],
)
def test_two_broken_things_have_two_names_though_their_errors_look_alike(
    one: str, other: str
) -> None:
    assert dependency_of(cause(one)) != dependency_of(cause(other))


@pytest.mark.parametrize(
    "message",
    [
        "Cannot insert the value NULL into column 'CustomerKey', table 'dw.DimCustomer'.",
        "disk 17 is full",
        "Something nobody has seen before at https://api.example.com",
        "",
    ],
)
def test_what_breaks_inside_a_pipeline_or_is_not_known_names_nothing(message: str) -> None:
    assert dependency_of(cause(message)) is None
    assert dependency_of(None) is None


def test_an_error_says_the_same_in_another_run_and_not_of_another_table() -> None:
    def null_in(table: str, row: int = 1) -> str:
        return error_mark(cause(f"Cannot insert NULL into table '{table}' at row {row}"))

    assert null_in("dw.Dim") == null_in("dw.Dim", row=77)
    assert null_in("dw.Dim1") != null_in("dw.Dim2")
    assert error_mark(None, "Operation on target X failed: no") == error_mark(cause("no"))
