"""The one base class of errors that a user can mend: its message is a sentence, never a traceback."""


class PhiloxeniaError(Exception):
    """What went wrong, where, and what to do, in words for a person who never saw the code.

    `exit_code` is what the command line returns: 2 for wrong use, 3 for data that are refused,
    4 for a file that cannot be read, 5 for a computation that cannot be done on the data at hand.
    """

    exit_code = 5
