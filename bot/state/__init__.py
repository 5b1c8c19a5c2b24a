"""What the bot keeps: conversations, rooms, subscriptions, usage; and the store they live in."""
