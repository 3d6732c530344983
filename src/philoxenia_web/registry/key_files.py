"""What the files of the folder of keys are called. Alone here, so that naming them loads nothing."""

MASTER, DESTROYED, ERASED = "master", "destroyed", "erased"
AGREEMENTS, ENDING = "agreements", ".key"
