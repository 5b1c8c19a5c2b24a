"""One module for each group of cards: a record goes in, a draft that fits comes out."""
