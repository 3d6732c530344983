"""Pages of the desk about rights: people, requests, retention, imports."""
