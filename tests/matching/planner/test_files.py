"""Instance files: a programme comes back the same, and whatever is wrong with a file is said at once and in words."""

import io
import zipfile
from dataclasses import fields, replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bsm_alumni.matching.planner.files import UnreadableInstance, read_instance, write_programme
from bsm_alumni.matching.planner.npz import read_arrays
from bsm_alumni.matching.planner.programme import PlanWeights, Programme
from bsm_alumni.matching.planner.reviewers import Reviewers
from tests.matching.planner.random_programmes import small

REVIEWERS: dict[str, Any] = {
    "scores": np.array([[1.0, 0.5], [0.25, 0.0], [0.75, 0.5]], dtype=np.float32),
    "allowed": np.array([[True, True], [True, False], [True, True]]),
    "need": np.array([1, 2]),
    "max_load": np.array([2, 1, 2]),
}
PROGRAMME: dict[str, Any] = {
    "pair_session": np.array([0, 0, 1]),
    "pair_slot": np.array([0, 1, 0]),
    "pair_person": np.array([0, 1, 1]),
    "pair_fit": np.array([50.0, 60.0, 70.0]),
    "need": np.array([[1, 1], [1, 0]]),
    "session_time": np.array([0.0, 30.5]),
    "session_quarter": np.array([8104, 8105]),
    "person_country": np.array([0, -1]),
    "person_region": np.array([-1, 3]),
    "person_woman": np.array([1, -1]),
    "person_year_cap": np.array([4, 4]),
    "person_quarter_cap": np.array([2, 2]),
    "person_past": np.array([0, 1]),
}


def save(folder: Path, arrays: dict[str, Any], name: str = "instance.npz") -> Path:
    path = folder / name
    np.savez(path, **arrays)
    return path


def problems_of(path: Path) -> tuple[str, ...]:
    with pytest.raises(UnreadableInstance) as caught:
        read_instance(path)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


def same(one: object, other: object) -> bool:
    """Equal to the last bit, and of the same kind."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    return one == other


@settings(max_examples=60)
@given(seed=st.integers(0, 10**9))
def test_a_programme_comes_back_the_same(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    programme = small(Random(seed))
    path = tmp_path_factory.mktemp("round") / "programme.npz"
    write_programme(path, programme)
    again = read_instance(path)
    assert isinstance(again, Programme)
    differ = [f.name for f in fields(Programme) if not same(getattr(programme, f.name), getattr(again, f.name))]
    assert differ == []


def test_a_difference_would_be_seen() -> None:
    """The twin of the test above: one bit of one array, and one kind of number."""
    assert not same(np.array([1.0]), np.array([np.nextafter(1.0, 2.0)]))
    assert not same(np.array([1], dtype=np.int32), np.array([1], dtype=np.int64))


def test_small_whole_numbers_are_widened_so_that_places_can_be_computed(tmp_path: Path) -> None:
    narrow = {name: array.astype(np.int8) for name, array in PROGRAMME.items() if name.startswith(("pair_s", "pair_p"))}
    programme = read_instance(save(tmp_path, PROGRAMME | narrow | {"need": PROGRAMME["need"].astype(np.uint8)}))
    assert isinstance(programme, Programme)
    arrays = (programme.pair_session, programme.pair_slot, programme.pair_person, programme.need)
    assert {array.dtype.kind for array in arrays} == {"i"}
    assert min(array.dtype.itemsize for array in arrays) >= 4


def test_weights_and_rest_that_are_missing_have_defaults(tmp_path: Path) -> None:
    programme = read_instance(save(tmp_path, PROGRAMME))
    assert isinstance(programme, Programme)
    assert (programme.weights, programme.rest_days, programme.quarter_used) == (PlanWeights(), 7.0, None)
    assert not programme.fixed.any()
    assert not programme.kept.any()
    given = {"rest_days": 3.5, "w_load": 1, "w_unfilled": np.array([120.5]), "w_keep": 0.0}
    programme = read_instance(save(tmp_path, PROGRAMME | given))
    assert isinstance(programme, Programme)
    assert (programme.rest_days, programme.weights) == (3.5, PlanWeights(load=1.0, unfilled=120.5, keep=0.0))


def test_kept_and_fixed_name_pairs_and_what_is_kept_may_be_gone(tmp_path: Path) -> None:
    arrays = PROGRAMME | {"kept": np.array([[1, 0, 1], [0, 0, 1]]), "fixed": np.array([[0, 1, 1]])}
    programme = read_instance(save(tmp_path, arrays))
    assert isinstance(programme, Programme)
    assert (programme.kept.tolist(), programme.fixed.tolist()) == ([False, False, True], [False, True, False])
    arrays = PROGRAMME | {"kept": np.zeros((0, 3)), "quarter_used": np.array([[1, 0], [0, 2]])}
    programme = read_instance(save(tmp_path, arrays))
    assert isinstance(programme, Programme)
    assert (int(programme.kept.sum()), programme.quarter_left.tolist()) == (0, [[1, 2], [2, 0]])


def test_reviewers_are_read_with_their_least_loads_or_without(tmp_path: Path) -> None:
    instance = read_instance(save(tmp_path, REVIEWERS))
    assert isinstance(instance, Reviewers)
    assert (instance.people, instance.events, instance.asked) == (3, 2, 3)
    assert (instance.scores.dtype, instance.min_load.tolist()) == (np.float64, [0, 0, 0])
    instance = read_instance(save(tmp_path, REVIEWERS | {"min_load": np.array([0, 1, 0])}))
    assert isinstance(instance, Reviewers)
    assert instance.min_load.tolist() == [0, 1, 0]


def test_scores_of_pairs_that_are_not_allowed_do_not_matter(tmp_path: Path) -> None:
    scores = REVIEWERS["scores"].copy()
    scores[1, 1] = np.nan
    instance = read_instance(save(tmp_path, REVIEWERS | {"scores": scores}))
    assert isinstance(instance, Reviewers)
    assert instance.scores[1, 1] == 0.0
    scores[0, 0] = np.inf
    assert problems_of(save(tmp_path, REVIEWERS | {"scores": scores})) == (
        "`scores` has numbers that are missing or endless where `allowed` says yes.",
    )


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"allowed": None}, "`allowed` is missing."),
        ({"need": np.array([1, 2, 3])}, "`need` should have 2 entries (one an event), it has 3."),
        ({"need": np.array([-1, 2])}, "`need` has numbers under 0."),
        ({"need": np.array([1.0, 2.0])}, "`need` should hold whole numbers."),
        ({"need": np.array([[1, 2]])}, "`need` should be a list of whole numbers."),
        ({"max_load": np.array([2**40, 1, 1])}, "`max_load` has numbers over 2147483647."),
        (
            {"allowed": np.ones((2, 3), np.bool_)},
            "`allowed` should have 3 × 2 entries (people × events), it has 2 × 3.",
        ),
        ({"allowed": np.full((3, 2), 2)}, "`allowed` should hold yes and no."),
        ({"min_load": np.array([3, 0, 0])}, "`min_load` is over `max_load` for somebody."),
        ({"scores": np.array([["a"]])}, "`scores` holds something else than numbers."),
        ({"scores": np.array([[1 + 2j]])}, "`scores` holds something else than numbers."),
    ],
)
def test_what_is_wrong_with_reviewers(tmp_path: Path, changes: dict[str, Any], problem: str) -> None:
    arrays = {name: array for name, array in (REVIEWERS | changes).items() if array is not None}
    assert problems_of(save(tmp_path, arrays)) == (problem,)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"pair_slot": np.array([0, 1])}, "`pair_slot` should have 3 entries (one a pair), it has 2."),
        ({"pair_session": np.array([0, 0, 2])}, "`pair_session` names number 2, but there are 2, from 0."),
        ({"pair_person": np.array([0, 1, 9])}, "`pair_person` names number 9, but there are 2, from 0."),
        ({"pair_session": np.array([0, 0, -1])}, "`pair_session` has numbers under 0."),
        ({"pair_fit": np.array([1.0, np.nan, 2.0])}, "`pair_fit` has numbers that are missing or endless."),
        ({"session_time": np.array([1.0])}, "`session_time` should have 2 entries (one a session), it has 1."),
        ({"person_woman": np.array([2, 0])}, "`person_woman` has numbers over 1."),
        ({"person_country": np.array([0, 10**6])}, "`person_country` has numbers over 99999."),
        ({"w_load": -1.0}, "`w_load` should be one number, 0 or more."),
        ({"rest_days": np.nan}, "`rest_days` should be one number, 0 or more."),
        (
            {"quarter_used": np.zeros((2, 3), int)},
            "`quarter_used` should have 2 × 2 entries (people × quarters), it has 2 × 3.",
        ),
        ({"kept": np.zeros((1, 2), int)}, "`kept` should have three columns: session, slot and person."),
        ({"kept": np.array([[0, 0, 2]])}, "`kept` names a session, slot or person that is not there."),
        ({"fixed": np.array([[0, 0, 1]])}, "`fixed` has somebody who may not take the slot."),
        (
            {"pair_slot": np.array([0, 0, 0]), "pair_person": np.array([1, 1, 1])},
            "`pair_session` lists one person twice for one slot.",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_programme(tmp_path: Path, changes: dict[str, Any], problem: str) -> None:
    assert problems_of(save(tmp_path, PROGRAMME | changes)) == (problem,)


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    arrays = PROGRAMME | {"need": np.array([[1.5]]), "pair_person": np.array([7, 1, 1]), "w_keep": np.array([1, 2])}
    del arrays["person_past"]
    assert problems_of(save(tmp_path, arrays)) == (
        "`need` should hold whole numbers.",
        "`person_past` is missing.",
        "`w_keep` should be one number, 0 or more.",
    )
    arrays["need"] = PROGRAMME["need"]
    assert len(problems_of(save(tmp_path, arrays))) == 3


def test_both_forms_or_neither_are_refused(tmp_path: Path) -> None:
    words = "A reviewer-style instance has `scores`, a programme has `pair_session`; the file has {}."
    assert problems_of(save(tmp_path, REVIEWERS | PROGRAMME)) == (words.format("both"),)
    assert problems_of(save(tmp_path, {"a": np.zeros(3)})) == (words.format("neither"),)


def test_objects_are_never_unpickled(tmp_path: Path) -> None:
    path = save(tmp_path, REVIEWERS | {"need": np.array([1, None], dtype=object)})
    assert problems_of(path) == ("`need` holds something else than numbers.",)


def npy(header_shape: tuple[int, ...], data: bytes) -> bytes:
    """An array that claims a shape, whatever it holds."""
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"descr": "<f8", "fortran_order": False, "shape": header_shape})
    return stream.getvalue() + data


def zipped(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def test_an_array_that_claims_more_than_it_holds_is_refused_before_it_is_made(tmp_path: Path) -> None:
    path = zipped(tmp_path / "lie.npz", {"scores.npy": npy((10**7, 10**7), b"\0" * 8)})
    assert problems_of(path) == ("`scores` claims to be 10000000 × 10000000, which is not what the file holds.",)
    with pytest.raises((MemoryError, ValueError)):
        np.load(path, allow_pickle=False)["scores"]
    honest = zipped(tmp_path / "honest.npz", {"scores.npy": npy((1,), b"\0" * 8)})
    assert read_arrays(honest)["scores"].tolist() == [0.0]


def test_what_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bsm_alumni.matching.planner.npz.MOST_BYTES", 2**20)
    path = zipped(tmp_path / "bomb.npz", {"scores.npy": npy((2**20,), b"\0" * 2**23)})
    assert path.stat().st_size < 2**20
    assert problems_of(path) == ("The arrays take more than 0 GB unpacked.",)


@pytest.mark.parametrize("content", [b"", b"{}", b"PK\x03\x04 nothing", b"\x93NUMPY\x01\x00"])
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.npz"
    path.write_bytes(content)
    assert problems_of(path) == ("other.npz is not a NumPy archive (.npz).",)


def test_other_entries_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "odd.npz", {"readme.txt": b"hello", "scores.npy": b"hello"})
    assert problems_of(path) == ("“readme.txt” is not a NumPy array.", "`scores` is not a NumPy array.")


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    """Any byte of the compressed data may be wrong."""
    whole = zipped(
        tmp_path / "whole.npz", {"scores.npy": npy((400,), np.random.default_rng(0).bytes(3200))}
    ).read_bytes()
    path = tmp_path / "damaged.npz"
    for at in range(40, len(whole) - 200, 97):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        assert problems_of(path)


def test_what_is_written_says_only_what_there_is(tmp_path: Path) -> None:
    programme = read_instance(save(tmp_path, PROGRAMME))
    assert isinstance(programme, Programme)
    write_programme(tmp_path / "out.npz", programme)
    names = set(np.load(tmp_path / "out.npz").files)
    assert names == {*PROGRAMME, "rest_days", *(f"w_{weight.name}" for weight in fields(PlanWeights))}
    write_programme(tmp_path / "out.npz", replace(programme, kept=np.array([True, False, False])))
    assert np.load(tmp_path / "out.npz")["kept"].tolist() == [[0, 0, 0]]
