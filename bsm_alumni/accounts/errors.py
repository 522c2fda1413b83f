"""What the account services refuse."""

from datetime import timedelta


class SignInRefused(Exception):
    """Address and password do not fit; it never tells which addresses are known."""


class TooManyTries(Exception):
    """Somebody guessed too often; ``wait`` is how long nothing is looked at."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"wait {wait}")
        self.wait = wait

    @property
    def minutes(self) -> int:
        """The wait in whole minutes, rounded up."""
        return max(1, -(-int(self.wait.total_seconds()) // 60))


class TokenClosed(Exception):
    """The link was used, replaced by a newer one, or its time is over."""
