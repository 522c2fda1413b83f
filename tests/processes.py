"""Processes of their own that begin in milliseconds: forked from one process that has read the program already."""

import gc
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.context import ForkServerContext
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from config import ROOT


def forking() -> ForkServerContext:
    """The context to start processes in; the first start takes as long as reading the program does."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["bsm_alumni.application", "bsm_alumni.cli"])
    return context


def run_command(arguments: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """`bsm-alumni` with these arguments, in a process of its own: its exit code and what it wrote."""
    with TemporaryDirectory() as folder:
        outputs = Path(folder, "output"), Path(folder, "errors")
        process = forking().Process(target=_act, args=(list(arguments), dict(environment), *map(str, outputs)))
        process.start()
        process.join()
        code = process.exitcode
        assert code is not None
        return subprocess.CompletedProcess(arguments, code, *(path.read_text() for path in outputs))


def _act(arguments: list[str], environment: dict[str, str], output: str, errors: str) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    for number, path in ((1, output), (2, errors)):
        opened = os.open(path, os.O_WRONLY | os.O_CREAT)
        os.dup2(opened, number)
        os.close(opened)
    sys.argv = ["bsm-alumni", *arguments]
    from bsm_alumni.cli import main

    try:
        main(prog_name="bsm-alumni")
    finally:
        # A forked process ends without closing anything; a whole one does.
        for engine in [held for held in gc.get_objects() if isinstance(held, sa.Engine)]:
            engine.dispose()
