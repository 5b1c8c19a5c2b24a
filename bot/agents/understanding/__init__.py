"""Text in, intent, entities and confidence out; no language model, nothing asked of Azure."""
