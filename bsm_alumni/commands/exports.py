"""`export`: a list as a file, as one user may see it."""

import os

import click

from bsm_alumni.commands.base import with_app

KINDS = ("alumni", "cohorts", "events")
FORMATS = ("csv", "xlsx", "json")


@click.command("export")
@click.argument("kind", type=click.Choice(KINDS), metavar="KIND")
@click.option("--as", "email", required=True, metavar="EMAIL", help="Whose eyes to see through: a user's address.")
@click.option("--format", "file_format", type=click.Choice(FORMATS), help="Else by FILE's ending, or csv.")
@click.option("-o", "--output", required=True, metavar="FILE", type=click.Path(dir_okay=False), help="Where to write.")
@click.option("--purpose", default="command line", show_default=True, help="What it is for; kept in the trail.")
@with_app
def export(kind: str, email: str, file_format: str | None, output: str, purpose: str) -> None:
    """Write KIND (alumni, cohorts or events) to FILE, with what the user EMAIL may see and nothing else."""
    from bsm_alumni.access.viewer import viewer_of
    from bsm_alumni.accounts.queries import find_user
    from bsm_alumni.desk.service_exports import export_table

    user = find_user(email)
    if user is None or not user.active:
        raise LookupError(f"Nobody can sign in as {email}. Name the address of an active user.")
    ending = os.path.splitext(output)[1].lstrip(".").lower()
    file = export_table(viewer_of(user), kind, file_format or (ending if ending in FORMATS else "csv"), purpose)
    try:
        # The file holds personal data: nobody but its owner reads it.
        handle = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as target:
            target.write(file.content)
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}.") from error
    click.echo(f"{file.count} rows written to {output}.")
