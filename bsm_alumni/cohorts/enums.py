"""Results of a training."""

import enum


class EnrolmentResult(enum.StrEnum):
    """What came of an enrolment; ``pending`` while it is not decided."""

    COMPLETED = "completed"
    NOT_COMPLETED = "not_completed"
    PENDING = "pending"
