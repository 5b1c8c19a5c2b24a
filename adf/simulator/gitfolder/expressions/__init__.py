"""The expression language of pipelines, evaluated as far as it can be known without running."""
