"""How organisations are named; pure."""

import re

_CODE = re.compile(r"[A-Z][A-Z0-9-]{1,19}")


def clean_code(text: str) -> str:
    """The code as it is kept: without blanks around it, in capitals."""
    return text.strip().upper()


def is_code(code: str) -> bool:
    """True for two to twenty capitals, figures and hyphens that begin with a letter."""
    return _CODE.fullmatch(code) is not None
