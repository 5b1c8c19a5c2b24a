"""Sixty sentences about two records, labeled by hand: True where something in it is invented."""

FAILED = """CustomerDataETL failed adf-prod 2026-03-12 02:31 to 02:43 CET, run 7f3c2a10
duration_s 754
Copy_Rows failed, rows_copied 41200, usual 15 min
Prepare succeeded
error 2200: Cannot insert the value NULL into column CustomerKey, table Customers
the source sent a row without a key
happened before 3 times in 45 days
question: why did customer data fail"""
LISTED = """adf-prod last 48 h as of 2026-03-12 03:40 CET, 1 failed, 2 succeeded, 1 InProgress
LegacyERP_Extract failed 03:03
PaymentsRecon succeeded 01:00, 120 rows
ProcessOrders succeeded 02:15
InventorySnapshot InProgress since 03:20 running
question: how is everything"""

OF_FAILED = (
    ("CustomerDataETL failed at 02:43 CET.", False),
    ("The run 7f3c2a10 failed after 12 min.", False),
    ("It failed because a row came without a key from the source.", False),
    ("Copy_Rows copied 41,200 rows before it failed.", False),
    ("Prepare succeeded, then Copy_Rows failed.", False),
    ("Ask the owner of the source to send the key.", False),
    ("The column CustomerKey must have a value.", False),
    ("The same error happened 3 times in 45 days.", False),
    ("It ran for about 13 minutes.", False),
    ("Rerun it once the source is fixed.", False),
    ("Error 2200 was reported by Copy_Rows.", False),
    ("The usual time is 15 min.", False),
    ("Probably the source sent a row without a key.", False),
    ("It failed at 01:43 UTC.", False),
    ("If it fails again, ask the database team.", False),
    ("CustomerDataETL succeeded at 02:43 CET.", True),
    ("CustomerDataETL has been running for 48 hours.", True),
    ("The pipeline has not failed.", True),
    ("It failed at 04:10 CET.", True),
    ("Run deadbeef99 failed.", True),
    ("It copied 9,000 rows.", True),
    ("It failed because the network was slow at night.", True),
    ("OrdersLoad_Daily failed too.", True),
    ("Error 2108 means that the login was refused.", True),
    ("The server `sql-pay-7` is full.", True),
    ("The same error happened 12 times.", True),
    ("Five runs failed.", True),
    ("It failed due to expired credentials of the gateway.", True),
    ("Everything is healthy.", True),
    ("The column CustomerEmail has no value.", True),
)
OF_LISTED = (
    ("LegacyERP_Extract failed at 03:03.", False),
    ("PaymentsRecon succeeded at 01:00 with 120 rows.", False),
    ("InventorySnapshot is running since 03:20.", False),
    ("1 pipeline failed in the last 48 h.", False),
    ("ProcessOrders succeeded at 02:15.", False),
    ("Two pipelines succeeded.", False),
    ("Look at LegacyERP_Extract first.", False),
    ("PaymentsRecon and ProcessOrders succeeded.", False),
    ("As of 03:40 CET one pipeline failed.", False),
    ("InventorySnapshot has not failed.", False),
    ("LegacyERP_Extract should be looked at.", False),
    ("The failed one is LegacyERP_Extract.", False),
    ("One is still running.", False),
    ("Ask the owner of LegacyERP_Extract.", False),
    ("PaymentsRecon moved 120 rows.", False),
    ("LegacyERP_Extract succeeded at 03:03.", True),
    ("PaymentsRecon failed at 01:00.", True),
    ("InventorySnapshot failed.", True),
    ("ProcessOrders is running.", True),
    ("Four pipelines failed.", True),
    ("LegacyERP_Extract failed at 05:55.", True),
    ("PaymentsRecon copied 41,000 rows.", True),
    ("CustomerDim_Load succeeded.", True),
    ("LegacyERP_Extract has not failed.", True),
    ("It is sunny, 25 degrees.", True),
    ("LegacyERP_Extract failed because of a firewall change on Monday.", True),
    ("7 pipelines are queued.", True),
    ("Run 0f8fad5b failed.", True),
    ('The integration runtime "shir-prod-01" is offline.', True),
    ("ProcessOrders succeeded at 02:51.", True),
)
LABELED = (
    *((said, FAILED, label) for said, label in OF_FAILED),
    *((said, LISTED, label) for said, label in OF_LISTED),
)
