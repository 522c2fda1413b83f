"""What can be missing in this room."""


class NoSuchTheme(LookupError):
    """There is no theme with this number."""
