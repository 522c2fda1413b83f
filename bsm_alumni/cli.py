"""The `bsm-alumni` command. Exit codes: 0 done, 1 refused with reasons, 2 wrong usage."""

import click

from bsm_alumni.commands.database import audit_group, backup, check, db_group, restore
from bsm_alumni.commands.demo import demo
from bsm_alumni.commands.exports import export
from bsm_alumni.commands.imports import import_command
from bsm_alumni.commands.matching import rank
from bsm_alumni.commands.plan import plan
from bsm_alumni.commands.seed import seed
from bsm_alumni.commands.server import serve, worker
from bsm_alumni.commands.solve import solve
from bsm_alumni.commands.users import user_group

COMMANDS = (
    audit_group,
    backup,
    check,
    db_group,
    demo,
    export,
    import_command,
    plan,
    rank,
    restore,
    seed,
    serve,
    solve,
    user_group,
    worker,
)


@click.group()
def main() -> None:
    """Registry and presenter desk of the Border Security and Management programme."""


for _command in COMMANDS:
    main.add_command(_command)
