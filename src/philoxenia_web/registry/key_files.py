"""What the files of the folder of keys are called. Alone here, so that naming them loads nothing."""

MASTER, DESTROYED, AGREEMENTS, ENDING = "master", "destroyed", "agreements", ".key"
