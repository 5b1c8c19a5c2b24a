"""Microsoft's own evaluator of pipeline expressions, asked what our reader should say."""
