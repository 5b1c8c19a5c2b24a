"""Pictures of the cards: two hosts, the themes of Teams, a wide and a narrow window."""
