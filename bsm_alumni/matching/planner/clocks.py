"""The hours and days of many sessions in every zone at once: what `matching.clock` says, as arrays. Pure NumPy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from bsm_alumni.matching.clock import DAWN, EVENING, HOUR_UNKNOWN, MORNING, NIGHT
from bsm_alumni.matching.columns import Floats, Ints

DAY = 86400
EPOCH = date(1970, 1, 1).toordinal()
STEADY = timedelta(days=14)
"""No zone moves its clock and moves it back within as many days (Ramadan in Morocco takes a month)."""


@dataclass(frozen=True)
class Clocks:
    """[sessions × zones], the last column for an unknown zone: `hour` as `hour_value` has it, `first` and `last` the
    local days that `local_days` gives.
    """

    hour: Floats
    first: Ints
    last: Ints


def read_clocks(zones: Sequence[str], spans: Sequence[tuple[datetime, datetime]]) -> Clocks:
    """The clocks of all zones at the start and end (aware datetimes) of each session."""
    moments = sorted({moment.astimezone(UTC) for span in spans for moment in span})
    place = {moment: i for i, moment in enumerate(moments)}
    seconds = np.array([int(moment.timestamp()) for moment in moments], dtype=np.int64)
    offsets = np.zeros((len(zones) + 1, len(moments)), dtype=np.int64)
    for row, zone in enumerate(zones):
        if moments:
            _fill(offsets[row], ZoneInfo(zone), moments, 0, len(moments) - 1)
    local = (seconds + offsets).T
    start = local[[place[start] for start, _end in spans]].reshape(-1, len(zones) + 1)
    end = local[[place[end] for _start, end in spans]].reshape(-1, len(zones) + 1)
    first, last = start // DAY, end // DAY
    last -= (last > first) & (end % DAY == 0)
    hour = np.minimum(_comfort(start), _comfort(end))
    hour[:, -1] = HOUR_UNKNOWN
    return Clocks(hour, first + EPOCH, last + EPOCH)


def _comfort(local: Ints) -> Floats:
    return np.interp(local % DAY // 60, (DAWN, MORNING, EVENING, NIGHT), (0.0, 1.0, 1.0, 0.0))


def _fill(row: Ints, zone: ZoneInfo, moments: Sequence[datetime], low: int, high: int) -> None:
    """Offsets in seconds from UTC of moments low..high: the same throughout where they agree at both ends."""
    row[low], row[high] = _offset(zone, moments[low]), _offset(zone, moments[high])
    if row[low] == row[high] and moments[high] - moments[low] <= STEADY:
        row[low : high + 1] = row[low]
    elif high - low > 1:
        middle = (low + high) // 2
        _fill(row, zone, moments, low, middle)
        _fill(row, zone, moments, middle, high)


@lru_cache(maxsize=2**15)
def _offset(zone: ZoneInfo, moment: datetime) -> int:
    offset = moment.astimezone(zone).utcoffset() or timedelta()
    return int(offset.total_seconds())
