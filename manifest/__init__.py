"""The Teams app package: the manifest, its icons, and what puts them into a zip."""
