"""The name of what pipelines use, as people write it in a question."""

import pytest

from bot.agents.understanding.entities.resources import asks_for_users, resource_in


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("which pipelines use linked service LS_Sql_DW?", "LS_Sql_DW"),
        ("where is secret sql-pw used", "sql-pw"),
        ("who reads from dbo.Customers", "dbo.Customers"),
        ("what runs on shir-prod-01", "shir-prod-01"),
        ("who uses the warehouse dataset", "warehouse"),
        ("which pipelines touch the table Customers", "Customers"),
        ("what uses “My Linked Service”", "My Linked Service"),
        ('which pipelines use dataset "Sales Orders"', "Sales Orders"),
        ("who uses this linked service", None),
        ("which pipelines use datasets", None),
    ],
)
def test_a_name_is_read_from_a_question(text: str, name: str | None) -> None:
    assert resource_in(text) == name


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("which pipelines read from dbo.Customers", True),
        ("list pipelines using ls_crm", True),
        ("which pipelines are there", False),
        ("list all pipelines called Sales_Load", False),
    ],
)
def test_a_list_is_asked_for_by_what_it_uses(text: str, asks: bool) -> None:
    assert asks_for_users(text) is asks
