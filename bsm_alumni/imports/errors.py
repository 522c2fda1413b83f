"""What can go wrong with an import as a whole; what is wrong with one value is a `Problem`, never an exception."""


class ImportRefused(Exception):
    """The import cannot go on. `code` names the reason, `details` fill its words (see `words.py`)."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


class UnreadableFile(ImportRefused):
    """The file is not one that can be read safely: one reason, and nothing was changed."""


class AlreadyApplied(ImportRefused):
    """An import is applied once; the second attempt changes nothing."""


class NotUndoable(ImportRefused):
    """The import was not applied, or was undone already."""
