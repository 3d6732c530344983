"""What others are told of: signed messages without personal data."""
