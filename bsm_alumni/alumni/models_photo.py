"""Photos of people."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bsm_alumni.extensions import Model, UtcDateTime, utc_now


class AlumnusPhoto(Model):
    """The one photo of a person, as we made it anew; of the file that was sent nothing is kept."""

    __tablename__ = "alumnus_photos"

    alumnus_id: Mapped[int] = mapped_column(sa.ForeignKey("alumni.id"), primary_key=True)
    # JPEG, at most `photos.LONGEST_SIDE` pixels on a side.
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
