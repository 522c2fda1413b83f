"""Every page × role → the answer's status, as it is meant to be. The guard test holds it against the application.

Kinds of access: what each role gets on a GET of a page that exists (200), or on a POST (which without its token
is 400 once the guard let it through). Anonymous visitors are sent to sign in (302) or told to (401).
"""

# endpoint → policy name; the set of endpoints equals the application's, both ways.
ROUTES: dict[str, str] = {
    "accounts_public.home": "public",
    "accounts_public.sign_in": "public",
    "accounts_public.sign_out": "signed_in",
    "alumni_partner.alumnus": "partner",
    "alumni_partner.export": "partner",
    "alumni_partner.export_form": "partner",
    "alumni_partner.roster": "partner",
    "assets.bootstrap_css": "public",
    "assets.htmx": "public",
    "health.alive": "public",
    "health.ready": "public",
    "matching_staff.compare": "staff_read",
    "matching_staff.reset": "staff_write",
    "matching_staff.save": "staff_write",
    "matching_staff.shortlist": "staff_read",
    "matching_staff.weights": "staff_read",
    "reference_staff.add_theme": "staff_write",
    "reference_staff.archive_theme": "staff_write",
    "reference_staff.countries": "staff_read",
    "reference_staff.edit_theme": "staff_write",
    "reference_staff.languages": "staff_read",
    "reference_staff.new_theme": "staff_write",
    "reference_staff.reference": "staff_read",
    "reference_staff.rename_theme": "staff_write",
    "reference_staff.restore_theme": "staff_write",
    "reference_staff.theme": "staff_read",
    "reference_staff.themes": "staff_read",
    "reference_staff.zones": "staff_read",
    "static": "public",
    "web.set_language": "public",
}

# Which roles each policy lets in, written out here and not read from the code.
LETS_IN: dict[str, frozenset[str]] = {
    "public": frozenset({"anonymous", "admin", "officer", "viewer", "partner", "alumnus"}),
    "signed_in": frozenset({"admin", "officer", "viewer", "partner", "alumnus"}),
    "staff_read": frozenset({"admin", "officer", "viewer"}),
    "staff_write": frozenset({"admin", "officer"}),
    "admin_only": frozenset({"admin"}),
    "partner": frozenset({"partner"}),
    "alumnus": frozenset({"alumnus"}),
}
