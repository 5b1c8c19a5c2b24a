"""Who may see and do what, and what is said and written down when somebody may not."""
