"""What the account services refuse."""


class SignInRefused(Exception):
    """Address and password do not fit, or there were too many tries; it never tells which addresses are known."""

    def __init__(self, too_many: bool = False) -> None:
        super().__init__("too many tries" if too_many else "no match")
        self.too_many = too_many


class DemoAccountRefused(Exception):
    """A demo account outside the demo."""


class TokenClosed(Exception):
    """The link was used, replaced by a newer one, or its time is over."""
