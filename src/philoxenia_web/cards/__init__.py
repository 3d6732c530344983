"""The city card: applied for, reviewed by two, issued, checked offline, never a question of status."""
