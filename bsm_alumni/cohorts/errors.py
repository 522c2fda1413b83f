"""What can be missing in this room."""

from bsm_alumni.web.errors import NotThere


class NoSuchCohort(NotThere):
    """There is no cohort, course or enrolment with this number."""
