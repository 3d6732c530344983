"""What the files of the folder of keys are called. Alone here, so that naming them loads nothing."""

from uuid import UUID

MASTER, DESTROYED, ERASED = "master", "destroyed", "erased"
AGREEMENTS, ENDING = "agreements", ".key"
# Which places of city cards were given and withdrawn: kept here, so that no backup takes it back.
CARDS = "cards"
# The key of the blind index lies among those of agreements, under a number of its own.
INDEX_KEY = UUID("8b1f6a52-41d7-4f6e-9f0b-6c1d2f0a7e11")
