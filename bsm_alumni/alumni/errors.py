"""What can be missing in this room."""


class NoSuchAlumnus(LookupError):
    """There is nobody with this number whom the viewer may see, or no such part of their profile."""
