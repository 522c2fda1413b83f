"""What can be missing in this room."""


class NoSuchCohort(LookupError):
    """There is no cohort, course or enrolment with this number."""
