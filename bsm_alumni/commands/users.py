"""`user create`, `user first-administrator`."""

import click

from bsm_alumni.accounts.enums import Role
from bsm_alumni.commands.base import with_app


@click.group("user")
def user_group() -> None:
    """Look after those who sign in."""


def _ask_unless_invited(context: click.Context, _parameter: click.Parameter, password: str | None) -> str | None:
    """Ask before the command begins, so that no lock is held while somebody types."""
    if context.params.get("by_mail"):
        if password is not None:
            raise click.UsageError("Give --invite or --password, not both.")
        return None
    return password or click.prompt("Password", hide_input=True, confirmation_prompt=True)


@user_group.command("create")
@click.option("--role", type=click.Choice([role.value for role in Role if role is not Role.ALUMNUS]), required=True)
@click.option("--organisation", metavar="CODE", help="The partner's code, for the role partner.")
@click.option("--name", default="", help="How the person is written.")
@click.option("--focal-point", is_flag=True, help="Of a partner: looks after the organisation's users.")
@click.option(
    "--invite", "by_mail", is_flag=True, is_eager=True, help="Send an invitation by mail instead of setting a password."
)
@click.option(
    "--password",
    callback=_ask_unless_invited,
    help="At least 12 characters; asked for when left out, unless --invite is given.",
)
@click.argument("email")
@with_app
def create(
    role: str,
    organisation: str | None,
    name: str,
    focal_point: bool,
    by_mail: bool,
    password: str | None,
    email: str,
) -> None:
    """Make a user with the address EMAIL.

    Administrators made here need no second administrator: whoever may run this on the server could do more.
    """
    from bsm_alumni.accounts.service import create_user
    from bsm_alumni.accounts.service_invitations import invite
    from bsm_alumni.organisations.queries import get_organisation_by_code

    organisation_id = get_organisation_by_code(organisation).id if organisation else None
    user = create_user(
        email,
        Role(role),
        password=password,
        name=name,
        organisation_id=organisation_id,
        is_focal_point=focal_point,
    )
    if by_mail:
        invite(user)
        click.echo(f"An invitation goes to {user.email}; its link works once, for a week.")
    else:
        click.echo(f"{email} can sign in as {role}.")


@user_group.command("first-administrator")
@click.option("--name", default="", help="How the person is written.")
@click.argument("email")
@with_app
def first_administrator(name: str, email: str) -> None:
    """Name EMAIL the first administrator and print a link that works once, for an hour.

    Works only while no administrator can sign in.
    """
    from bsm_alumni.accounts.service_invitations import invite_first_administrator
    from bsm_alumni.accounts.service_tokens import url_of

    token = invite_first_administrator(email, name)
    click.echo("Open this within an hour and choose a password. It works once; run the command again for a new one.")
    click.echo(url_of(token))
