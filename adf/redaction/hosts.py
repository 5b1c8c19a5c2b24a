"""The hosts that a link may lead to: Microsoft's own, where nobody rents a name or a page.

Names of storage, sites, vaults and the like are for everybody to take, so they are never on it.
"""

_TRUSTED = (
    "learn.microsoft.com docs.microsoft.com www.microsoft.com support.microsoft.com "
    "azure.microsoft.com go.microsoft.com aka.ms techcommunity.microsoft.com portal.azure.com "
    "ms.portal.azure.com adf.azure.com dev.azure.com management.azure.com status.azure.com "
    "azure.status.microsoft entra.microsoft.com login.microsoftonline.com login.windows.net "
    "sts.windows.net graph.microsoft.com web.azuresynapse.net ms.web.azuresynapse.net "
    "app.powerbi.com api.powerbi.com app.fabric.microsoft.com api.fabric.microsoft.com "
    "admin.powerplatform.microsoft.com"
)
TRUSTED = frozenset(_TRUSTED.split())
# Addresses of data that no client makes a link of.
_DATA_SCHEMES = (
    "abfs abfss wasb wasbs adl s3 s3a s3n gs sb amqp amqps hdfs dbfs mongodb mongodb+srv "
    "redis rediss tcp kafka mysql postgresql postgres sqlserver oracle hive2 snowflake "
    "redshift mariadb spark thin db2 sap vertica teradata presto trino impala ldap ldaps smtp "
    "smtps mqtt mqtts spark2 databricks jar mssql oci"
)
DATA_SCHEMES = frozenset(_DATA_SCHEMES.split())
