"""Forty leaks as they are made by mistake: a condition forgotten, a part too much, a count too early."""

from tests.proofs.planting import Mutant

VISIBLE, SHOWS, TEXT = "alumni.queries:visible", "alumni.queries:shows", "alumni.queries:matching_text"
PARTS, GUARD = "desk.queries_partner_parts:_Reading", "access.guard:guard_request"
PARTNER, FIGURES = "desk.queries_partner", "desk.queries_figures:figures"

MUTANTS = (
    # Who may open a page.
    Mutant("whoever is signed in opens any page", GUARD, "if policy.allows(viewer):", "if viewer.role or policy.allows(viewer):"),
    Mutant("visitors open any page", GUARD, "if policy.allows(viewer):", "if not viewer.role or policy.allows(viewer):"),
    Mutant("administrators' pages are open to officers", GUARD, "if policy.allows(viewer):",
           "if policy.allows(viewer) or (viewer.is_staff and policy.name.startswith('admin')):"),
    Mutant("a viewer may post", GUARD, "if policy.allows(viewer):",
           "if policy.allows(viewer) or (viewer.is_staff and policy.name == 'staff_write'):"),
    Mutant("half a sign-in counts", "access.viewer:current_viewer", "row is not None and", "False and"),
    Mutant("an ended session lives", "accounts.service_sessions:load_user", "row.ended_at is not None or", ""),
    Mutant("an idle session lives", "accounts.service_sessions:load_user", "if not is_alive(", "if False and is_alive("),
    # Whom a partner sees.
    Mutant("people who left are shown", VISIBLE, "Alumnus.status == AlumnusStatus.ACTIVE,", ""),
    Mutant("restricted people are shown", VISIBLE, "Alumnus.restricted.is_(False),", ""),
    Mutant("consent is not asked for", VISIBLE, "is_shown_to(Alumnus.id, viewer.organisation_id, FieldGroup.IDENTITY),", ""),
    Mutant("consent to anybody counts for everybody", "consent.queries:is_shown_to",
           "SharedWith.organisation_id == organisation_id,", ""),
    Mutant("the agreement is not asked for", "consent.queries:is_shown_to",
           "return sa.and_(shared, agreed_mask(organisation_id, utc_now().date()).bitwise_and(needed) == needed)",
           "return shared"),
    Mutant("an agreement that ran out goes on", "organisations.queries_agreements:holds",
           "sa.or_(Agreement.ends_on.is_(None), Agreement.ends_on >= today),", ""),
    # What of them.
    Mutant("consent counts without the agreement", "consent.queries:shown_mask",
           "SharedWith.groups.bitwise_and(agreed)", "SharedWith.groups"),
    Mutant("every part counts as shown", "alumni.queries:shown_groups",
           "return shown_mask(Alumnus.id, viewer.organisation_id)", "return sa.literal(31, sa.Integer)"),
    Mutant("work is shown with the name", f"{PARTS}.professional", "if FieldGroup.PROFESSIONAL not in self._shown[row.id]:", "if False:"),
    Mutant("the telephone is shown with the name", f"{PARTS}.contact", "if FieldGroup.CONTACT not in self._shown[row.id]:", "if False:"),
    Mutant("limits are shown with the name", f"{PARTS}.availability", "if FieldGroup.AVAILABILITY not in self._shown[row.id]:", "if False:"),
    Mutant("a search forgets the door", TEXT, "select = select.where(Alumnus.id.in_(found))",
           "select = sa.select(Alumnus).where(Alumnus.id.in_(found))"),
    Mutant("the telephone beside the name", "desk.queries_partner_parts:projected", "latin_name=row.latin_name",
           "latin_name=row.phone"),
    Mutant("the agency beside the name", "desk.queries_partner_parts:projected", "display_name=row.display_name",
           "display_name=f'{row.display_name}, {row.agency}'"),
    # Found, counted and sorted by what is not shown.
    Mutant("a person's page is opened without the door", f"{PARTNER}:find_shared", "visible(viewer)", "sa.select(Alumnus)"),
    Mutant("everybody is counted", f"{PARTNER}:count_shared", 'narrowed(viewer, narrow.without("status"))', "sa.select(Alumnus)"),
    Mutant("lists are sorted by family names", f"{PARTNER}:shared_page", "keys = [Alumnus.shown_sort, Alumnus.id]",
           "keys = [Alumnus.id]; page = None; select = select.order_by(Alumnus.family_name)"),
    Mutant("cohorts of people whose work is not shown", f"{PARTNER}:shared_cohorts", "shows(viewer, FieldGroup.PROFESSIONAL),", ""),
    Mutant("a filter over hidden work", "alumni.queries_roster:narrowed",
           "select = select.where(shows(viewer, FieldGroup.PROFESSIONAL))", "pass"),
    Mutant("a filter over hidden days", "alumni.queries_roster:narrowed", ", shows(viewer, FieldGroup.AVAILABILITY))", ")"),
    Mutant("partners find people by their addresses", TEXT, "if not viewer.is_staff:", "if False:"),
    Mutant("partners find people by a hidden agency", TEXT, "sa.and_(work, shown)", "work"),
    Mutant("hidden people are counted by region", FIGURES,
           "visible(viewer).with_only_columns(Alumnus.country_code,", "sa.select(Alumnus).with_only_columns(Alumnus.country_code,"),
    Mutant("hidden work is counted", FIGURES, "experts = visible(viewer).where(shows(viewer, FieldGroup.PROFESSIONAL))", "experts = visible(viewer)"),
    Mutant("hidden days are counted", FIGURES, "planned = visible(viewer).where(shows(viewer, FieldGroup.AVAILABILITY))", "planned = visible(viewer)"),
    Mutant("hidden and missing people are told apart", "desk.views_partner:alumnus", "abort(404)",
           "abort(404 if alumnus_id > 100_000 else 403)"),
    # Sessions.
    Mutant("presenters are named without the door", "desk.queries_partner_events:_presenters", "visible(viewer)", "sa.select(Alumnus)"),
    Mutant("whoever was asked is named as presenter", "desk.queries_partner_events:_presenters",
           ", Assignment.state.in_(SPEAKING))", ")"),
    Mutant("sessions of others are listed", "desk.queries_partner_events:_theirs", "Event.id.in_(joined), ", ""),
    # Alumni among themselves, and secret addresses.
    Mutant("an alumnus opens another's invitation", "assignments.queries:find_own",
           ", Assignment.alumnus_id == alumnus_id)", ")"),
    Mutant("an alumnus reads who saw others", "rights.queries_seen:_select", ".where(Disclosure.alumnus_id == alumnus_id)", ""),
    Mutant("an alumnus reads others' requests", "rights.queries:requests_of", ".where(RightsRequest.alumnus_id == alumnus_id)", ""),
    Mutant("a calendar opens with a guess", "assignments.views_public:calendar_feed",
           "or not links.is_calendar_token(token, user.id, user.fs_uniquifier)", ""),
    Mutant("a focal point sees the users of all", "accounts.queries_colleagues:_colleagues",
           "User.role == Role.PARTNER, User.organisation_id == (organisation_id or 0), ", ""),
    # On the side.
    Mutant("a name in the log", f"{PARTNER}:find_shared", "select = visible(viewer).where(Alumnus.id == alumnus_id)",
           "select = visible(viewer).where(Alumnus.id == alumnus_id)\n"
           "    __import__('logging').getLogger('bsm').warning('opened %s', getattr(db.session.get(Alumnus, alumnus_id), 'display_name', ''))"),
    Mutant("pages may be kept by caches", "web.headers:_add", '"no-store"', '"private, max-age=600"'),
    Mutant("mail goes to a list", "mail.transport:to_email", 'email["To"] = to_address',
           'email["To"] = "programme-list@example.org"'),
    Mutant("a copy of each mail for the desk", "mail.transport:to_email", 'email["To"] = to_address',
           'email["To"] = to_address; email["Cc"] = "programme-list@example.org"'),
    Mutant("the sign-in knows the address", "accounts.service_links:ask_link", "device = find_known_device(user)",
           "device = find_known_device(user)\n    if user is None:\n        from bsm_alumni.accounts.errors import TooManyTries\n        raise TooManyTries(timedelta(minutes=1))"),
)  # fmt: skip
