"""Recorded questions played through POST /api/messages, graded by what the person really got."""
