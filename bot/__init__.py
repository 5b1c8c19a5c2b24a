"""The room-mate: what is said in Teams, who answers, and what is posted back."""
