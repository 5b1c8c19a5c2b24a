"""The error texts of the live factory, in the shapes real connectors use."""

_TRANSFER = "Type=Microsoft.DataTransfer.Common.Shared.HybridDeliveryException"
_CLIENT = "Source=Microsoft.DataTransfer.ClientLibrary"
_SQL = "Source=Framework Microsoft SqlClient Data Provider"

NULL_KEY = (
    f"Failure happened on 'Sink' side. ErrorCode=SqlOperationFailed,'{_TRANSFER},"
    f"Message=A database operation failed while writing the batch.,{_CLIENT},"
    "''Type=Microsoft.Data.SqlClient.SqlException,Message=Cannot insert the value NULL into column"
    " 'CustomerKey', table 'dw.DimCustomer'; column does not allow nulls. INSERT fails.\r\n"
    f"The statement has been terminated.,{_SQL},SqlErrorNumber=515,Class=16,"
    "ErrorCode=-2146232060,State=2,'"
)
API_LIMIT = (
    f"Failure happened on 'Source' side. ErrorCode=SalesforceAPILimitExceeded,'{_TRANSFER},"
    "Message=The organisation has used up its calls of the last 24 hours. REQUEST_LIMIT_EXCEEDED:"
    " TotalRequests Limit exceeded.,Source=Microsoft.DataTransfer.Runtime.SalesforceConnector,'"
)
STOCK_UNREACHABLE = (
    f"Failure happened on 'Source' side. ErrorCode=SqlFailedToConnect,'{_TRANSFER},"
    "Message=Cannot connect to SQL Database. Server: 'sql-stores.example.com', Database: 'stock',"
    f" User: 'svc_stock'. The connection was not answered in time.,{_CLIENT},"
    "''Type=Microsoft.Data.SqlClient.SqlException,Message=Connection Timeout Expired. The timeout"
    f" period elapsed during the post-login phase.,{_SQL},SqlErrorNumber=-2,Class=11,State=0,'"
)
STOCK_FILE_MISSING = (
    f"ErrorCode=UserErrorSourceBlobNotExist,'{_TRANSFER},Message=The required Blob is missing."
    f" ContainerName: stock, path: counts/latest.csv.,{_CLIENT},'"
)
TOO_MANY = (
    "Error calling the endpoint 'https://models.example.com/refresh'."
    " Response status code: 'TooManyRequests - 429'. The model is already being refreshed."
)
STORE_DATABASE_SLOW = (
    f"Failure happened on 'Source' side. ErrorCode=SqlOperationFailed,'{_TRANSFER},"
    f"Message=A database operation failed while reading.,{_CLIENT},"
    "''Type=System.Data.SqlClient.SqlException,Message=Execution Timeout Expired. The timeout"
    " period elapsed prior to completion of the operation or the server is not responding.,"
    "Source=.Net SqlClient Data Provider,SqlErrorNumber=-2,Class=11,ErrorCode=-2146232060,State=0,'"
)
PERIOD_CLOSED = (
    "Execution fail against sql server. Please contact SQL Server team if you need further"
    " support. Sql error number: 50000. Error Message: Period 2 is closed for posting."
)
RUNTIME_OFFLINE = (
    "ErrorCode=SelfHostedIntegrationRuntimeOffline,The Self-hosted Integration Runtime"
    " 'shir-wms-02' is offline. Please make sure that the host machine is on and the service runs."
)
