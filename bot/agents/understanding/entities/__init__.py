"""What a question names: pipelines, factories, times, orders, subscriptions."""
