"""A real small model before the product, on demand: `make live` (see README.md here)."""
