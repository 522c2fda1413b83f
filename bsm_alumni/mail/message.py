"""What a mail says, ready to be handed to a transport."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail; ``content_type`` as in 'text/calendar; method=REQUEST'."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """Subject and words in text and HTML. ``secrets`` are left out of the copy that is kept."""

    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def kept_text(self) -> str:
        """The text with every secret replaced by a row of dots."""
        text = self.text
        for secret in self.secrets:
            text = text.replace(secret, "…")
        return text
