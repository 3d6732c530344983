"""What people may ask: see, correct, take along, be forgotten; consent as a record."""
