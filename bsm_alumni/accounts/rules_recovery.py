"""Recovery codes: how they are written and read; pure."""

import secrets

# Crockford's base 32: no letter that is easily taken for a digit.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
MEANT = str.maketrans({"o": "0", "i": "1", "l": "1"})

CODES = 10
# 24 signs of 5 bits behind the one that tells which of the ten it is: 120 bits cannot be guessed.
RANDOM_SIGNS = 24
GROUP = 5
# From here on people are told that they run out of codes.
FEW = 3


def new_code(position: int) -> str:
    """A code such as '3k7d2-9xq4m-…' from the system's random source; ``position``, 0 to 9, is its first sign."""
    signs = str(position) + "".join(secrets.choice(ALPHABET) for _sign in range(RANDOM_SIGNS))
    return "-".join(signs[start : start + GROUP] for start in range(0, len(signs), GROUP))


def normal_code(text: str) -> str:
    """What was written, as codes are kept: small letters, no blanks or dashes, 'o' read as 0 and 'i', 'l' as 1."""
    return "".join(sign for sign in text.lower() if sign.isalnum()).translate(MEANT)


def position_of(code: str) -> int | None:
    """Which of the ten codes this could be; None for what cannot be one. Takes a ``normal_code``."""
    if len(code) != RANDOM_SIGNS + 1 or not set(code) <= set(ALPHABET) or not code[0].isdecimal():
        return None
    return int(code[0])
