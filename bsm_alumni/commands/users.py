"""`user create`."""

import click

from bsm_alumni.accounts.enums import Role
from bsm_alumni.commands.base import with_app


@click.group("user")
def user_group() -> None:
    """Look after those who sign in."""


@user_group.command("create")
@click.option("--role", type=click.Choice([role.value for role in Role if role is not Role.ALUMNUS]), required=True)
@click.option("--organisation", metavar="CODE", help="The partner's code, for the role partner.")
@click.option("--name", default="", help="How the person is written.")
@click.password_option(help="At least 12 characters; asked for when left out.")
@click.argument("email")
@with_app
def create(role: str, organisation: str | None, name: str, password: str, email: str) -> None:
    """Make a user with the address EMAIL."""
    from bsm_alumni.accounts.service import create_user
    from bsm_alumni.organisations.queries import get_organisation_by_code

    organisation_id = get_organisation_by_code(organisation).id if organisation else None
    create_user(email, Role(role), password=password, name=name, organisation_id=organisation_id)
    click.echo(f"{email} can sign in as {role}.")
