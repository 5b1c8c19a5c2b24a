"""Text in, frame out: intent, slots and confidence; no language model, nothing asked of Azure.

text > entities > classifier (features, weights, corpus) > interpreter (coverage) > conversation.
"""
