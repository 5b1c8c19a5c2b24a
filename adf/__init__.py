"""Azure Data Factory as an on-call engineer asks about it; knows nothing of chat or cards."""
