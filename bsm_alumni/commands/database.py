"""`db upgrade`, `check`, `audit verify`, `backup`, `restore`."""

import sys

import click

from bsm_alumni.commands.base import print_json, with_app


@click.group("db")
def db_group() -> None:
    """Look after the database's tables."""


@db_group.command("upgrade")
@with_app
def upgrade() -> None:
    """Bring the tables to this program's version."""
    from bsm_alumni.maintenance.service import upgrade_database

    upgrade_database()
    click.echo("The database is up to date.")


@click.command("check")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@with_app
def check(as_json: bool) -> None:
    """Check settings, database, migrations, mail and disk; exit 1 when something needs mending."""
    from bsm_alumni.maintenance.service import run_checks

    findings = run_checks()
    if as_json:
        print_json({"checks": [{"name": f.name, "ok": f.ok, "words": f.words} for f in findings]})
    else:
        for finding in findings:
            click.echo(f"{'ok  ' if finding.ok else 'MEND'}  {finding.name}: {finding.words}")
    sys.exit(0 if all(finding.ok for finding in findings) else 1)


@click.group("audit")
def audit_group() -> None:
    """Look after the audit trail."""


@audit_group.command("verify")
@click.option("--head", "heads", multiple=True, metavar="ID:MAC", help="The end of the trail as a mail told it.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@with_app
def verify(heads: tuple[str, ...], as_json: bool) -> None:
    """Check that no entry of the trail was changed, dropped, put in, swapped or cut off; exit 1 with the first."""
    from bsm_alumni.audit.rules_verify import parse_code
    from bsm_alumni.audit.service_heads import check_trail, find_head

    try:
        found = check_trail([parse_code(head) for head in heads])
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        head = find_head()
        entry, words = (found.entry_id, found.words) if found else (None, "")
        last = head.entry_id if head else 0
        print_json({"whole": found is None, "entries": last, "entry": entry, "words": words})
        sys.exit(0 if found is None else 1)
    if found is not None:
        raise click.ClickException(f"The trail is broken at entry {found.entry_id}. {found.words}")
    click.echo("Every entry follows from the one before it, and nothing is cut off.")


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False))
@with_app
def backup(file: str) -> None:
    """Write the whole database to FILE."""
    from bsm_alumni.maintenance.service import backup_database

    backup_database(file)
    click.echo(f"Written to {file}.")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_app
def restore(file: str, yes: bool) -> None:
    """Put the database back as it was when FILE was written. What came after is lost, but for erasures."""
    from bsm_alumni.maintenance.service import restore_database

    if not yes:
        click.confirm("Everything entered since the backup will be lost. Go on?", abort=True)
    done = restore_database(file)
    click.echo("The database is as it was when the backup was made.")
    click.echo(f"{done.erased_again} people who were erased since were erased again.")
    if not done.was_read:
        click.echo("The database that was replaced could not be read; the journal of erasures alone was followed.")
