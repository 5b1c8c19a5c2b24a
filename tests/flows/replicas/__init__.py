"""Several processes of the bot over one table, behind a round robin."""
