"""Errors of the exchange that a person can mend. Each kind has its own exit code."""

from philoxenia.vocabulary import PhiloxeniaError


class UnreadableFileError(PhiloxeniaError):
    """The file cannot be opened as a table at all; the message says why and what to hand in instead."""

    exit_code = 4


class UnknownKindError(PhiloxeniaError):
    """The file is a table, but fits no contract; the message lists the nearest ones."""

    exit_code = 6


class DeclarationError(PhiloxeniaError):
    """A contract's TOML file is wrong; the message names the file, the entry and what is allowed there."""

    exit_code = 2


class RefusedExtractError(PhiloxeniaError):
    """An extract breaks its contract in a way that only its owner can mend."""

    exit_code = 3
