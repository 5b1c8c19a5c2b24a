"""One module for each card, named as the card: a record goes in, a draft that fits comes out."""
