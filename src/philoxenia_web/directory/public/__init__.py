"""Public pages of the directory: no sign-in, no cookie, no JavaScript, no third party."""
