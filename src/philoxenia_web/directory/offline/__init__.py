"""The whole city on a phone: numbered editions of the directory in one language, and what reads them."""
