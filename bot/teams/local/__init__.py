"""The bot on a developer's own machine: the Agents Playground, or a chat in the terminal."""
