"""The ticket systems: each one file that turns our few questions into its own wire."""
