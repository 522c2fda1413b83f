"""What can be missing in this room."""

from bsm_alumni.web.errors import NotThere


class NoSuchAlumnus(NotThere):
    """There is nobody with this number whom the viewer may see, or no such part of their profile."""
