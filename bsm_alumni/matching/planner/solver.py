"""HiGHS, silent and the same each time."""

import os

import highspy


def open_highs(seed: int) -> highspy.Highs:
    """A silent solver on one thread, which answers the same each time.

    The first solver of a process prints who made it before it can be told not to, straight to the process's standard
    output, where that would spoil a JSON document: so that one is made with the output turned away.
    """
    if not _made:
        saved, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, 1)
            highspy.Highs()
            _made.append(True)
        finally:
            os.dup2(saved, 1)
            os.close(saved)
            os.close(nowhere)
    highs = highspy.Highs()
    for name, value in (("output_flag", False), ("threads", 1), ("random_seed", seed), ("parallel", "off")):
        highs.setOptionValue(name, value)
    return highs


_made: list[bool] = []
