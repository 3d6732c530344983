"""Lists of people under an agreement: the only tables and files with personal data, all encrypted."""
