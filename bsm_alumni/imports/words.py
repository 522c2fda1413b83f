"""Every problem in words: what is wrong, and how to mend it. A code without words is a programming error."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from bsm_alumni.imports.problems import Problem

# Why a whole file or step is refused.
REFUSALS: dict[str, LazyString] = {
    "old_or_locked_workbook": _l(
        "This is an old .xls file or one with a password. Save it as .xlsx without a password and try again."
    ),
    "broken_workbook": _l("The workbook is damaged and cannot be opened. Save it again as .xlsx and try again."),
    "too_many_parts": _l(
        "The workbook has %(count)s parts; %(limit)s are the most that are read. Save only the sheets you need."
    ),
    "unpacks_too_large": _l(
        "The workbook would unpack to far more than it should (%(megabytes)s MB). "
        "Save only the sheets you need as .xlsx."
    ),
    "not_a_workbook": _l(
        "This file is packed like a workbook but is none. Save the table as .xlsx or .csv and try again."
    ),
    "holds_programs": _l("The workbook holds programs (macros), which are never taken. Save it as .xlsx without them."),
    "unsafe_xml": _l("The workbook holds a document type or entities, which are never read. Save it again as .xlsx."),
    "too_many_columns": _l("A row has more than %(limit)s columns. Keep only the columns you need and try again."),
    "too_many_rows": _l("The file has more than %(limit)s rows. Split it and import the parts one after the other."),
    "unknown_encoding": _l(
        "The letters of this file cannot be read with certainty. Save it as 'CSV UTF-8' and try again."
    ),
    "not_a_table": _l(
        "This is neither a workbook nor a table in text form. Save the table as .xlsx or .csv and try again."
    ),
    "empty_file": _l("The file is empty. Choose the file that holds the table."),
    "file_too_large": _l(
        "The file has %(megabytes)s MB; %(limit)s MB are the most that are read. Split it into parts."
    ),
    "nothing_recognised": _l(
        "No heading row was recognised in this file. It should name at least a family name and given names, a "
        "course and its first day, or a title, date and time."
    ),
    "sheet_not_found": _l("There is no sheet '%(sheet)s'. The sheets are: %(sheets)s."),
    "mapping_not_read": _l(
        "The mapping could not be read: %(reason)s. It should be a JSON object of heading to meaning."
    ),
    "needed_columns": _l(
        "Sheet %(sheet)s: no columns are left that tell what a row is. Say which column "
        "holds the name, the course or the title."
    ),
    "already_applied": _l("This import was applied already; nothing was done a second time."),
    "not_ready": _l("This import is still being read. Come back in a moment."),
    "not_undoable": _l("Only an import that was applied can be undone, and only once."),
}

PROBLEMS: dict[str, LazyString] = {
    # names
    "name_missing": _l(
        "There is no name in this row. Write the family name and the given names, or leave the row out."
    ),
    "name_in_part": _l("Only a part of the name is given. Write the missing part if it is known."),
    "name_not_split": _l(
        "Family name and given names are in one cell. The name is kept as a whole; split it in the profile."
    ),
    "name_looks_odd": _l("This has figures or signs that names do not have. Check it against the person's papers."),
    "latin_form": _l(
        "Written letter by letter in Latin script as '%(latin)s'. Put the person's own spelling in the profile."
    ),
    "cut_short": _l("Longer than %(limit)s characters; the rest was left off. Shorten it if something is lost."),
    # contact
    "email_missing": _l(
        "There is no address, so this person cannot be invited. Write it as name@domain, or leave it empty for now."
    ),
    "email_without_at": _l("'%(value)s' has no @. Write it as name@domain or leave it empty."),
    "email_without_domain": _l(
        "'%(value)s' ends in '%(domain)s', which has no dot. Write the whole domain, "
        "such as example.org, or leave it empty."
    ),
    "email_not_usable": _l(
        "'%(value)s' is not an address mail can be sent to. Write it as name@domain or leave it empty."
    ),
    "email_left_out": _l("'%(address)s' is not an address mail can be sent to and was left out; the others are kept."),
    "several_emails": _l("%(count)s addresses in one cell: mail goes to %(first)s, the others are kept."),
    "phone_mangled": _l(
        "The spreadsheet has turned this number into a power of ten. Write it again as text, with its country code."
    ),
    "phone_looks_odd": _l("This does not look like a telephone number. It is kept as written."),
    # who and where
    "sex_not_understood": _l("Not understood as woman or man, so it is left open. Write F or M, or leave it empty."),
    "country_not_known": _l(
        "No country or territory of that name. Did you mean: %(suggestions)s? Write the usual UN name."
    ),
    "zone_from_country": _l("No zone is given; %(zone)s is used, for %(country)s."),
    "zone_interpreted": _l("Names no place by itself; read as %(zone)s, for %(country)s."),
    "offset_not_in_country": _l(
        "%(country)s never has %(offset)s. %(zone)s is used; write the person's city if they live elsewhere."
    ),
    "zone_unknown": _l(
        "No such time zone; %(zone)s is used. Write a city, such as Nairobi, or a name such as Africa/Nairobi."
    ),
    # languages and themes
    "language_not_known": _l("'%(language)s' is not a language we know. Write its English name or its ISO code."),
    "language_twice": _l("This language is named twice; the higher level is kept."),
    "level_missing": _l(
        "No level is given for %(language)s, so sessions that need a level will pass "
        "this person over. Add one, such as B2."
    ),
    "level_not_known": _l(
        "'%(level)s' is not a level we know, so the level of %(language)s is left open. Write A1 to C2 or native."
    ),
    "level_interpreted": _l("'%(words)s' is read as %(level)s for %(language)s."),
    "theme_not_known": _l(
        "No theme of this name is in the list. Nearest: '%(suggestion)s'. Add the theme or correct the word."
    ),
    # training
    "cohort_not_known": _l("No cohort of this name. Nearest: %(suggestion)s. Write its code, or add the cohort first."),
    "cohort_ambiguous": _l("This can mean several cohorts: %(codes)s. Write the code of the one that is meant."),
    "certified_not_understood": _l("Not understood as yes or no, so the result is pending. Write yes, no or pending."),
    "date_not_of_cohort": _l(
        "%(cohort)s ran from %(start)s to %(end)s. The person is enrolled there; check which of the two is right."
    ),
    # dates and times
    "date_not_understood": _l("No date can be read from this. Write it as 2024-10-07 or 7 October 2024."),
    "date_out_of_range": _l("This year cannot be right. Write the date as 2024-10-07."),
    "date_ambiguous": _l(
        "Read as %(date)s, day before month; it could also be %(other)s. Write it as %(date)s to be sure."
    ),
    "date_settled_by_cohort": _l("Read as %(date)s, not %(other)s, since that falls within the training."),
    "date_from_number": _l(
        "A bare number, read as the spreadsheet's day %(date)s. Format the cell as a date to be sure."
    ),
    "two_digit_year": _l("A year in two figures is read as %(year)s."),
    "several_dates": _l("There are several dates in this cell; the first, %(date)s, is used."),
    "weekday_differs": _l("%(date)s is another day of the week than the one written. Check which of the two is right."),
    "date_missing": _l("There is no date. Write it as 2026-07-08, or leave the row out."),
    "day_missing": _l("Only a month is given. Write the day, such as 2026-07-08."),
    "time_missing": _l("There is no time. Write it with its place, such as '10:00 Nairobi'."),
    "time_not_understood": _l(
        "No time of day can be read from this. Write it with its place, such as '10:00 Nairobi'."
    ),
    "zone_missing": _l("The time has no place. Write whose clock is meant, such as '10:00 Nairobi' or '13:00 UTC'."),
    "zone_not_understood": _l("'%(label)s' is no place or zone we know. Write a city, such as '10:00 Nairobi'."),
    "offset_without_place": _l(
        "'%(label)s' is an offset, not a place, and changes with the season. Write a city, such as '10:00 Nairobi'."
    ),
    "times_disagree": _l(
        "The times named are different instants (%(readings)s). Write the one that is right, with its place."
    ),
    "time_in_gap": _l(
        "Clocks in %(zone)s are put forward on %(date)s and never show %(clock)s. "
        "Write another time, or the time in UTC."
    ),
    "time_in_fold": _l("Clocks in %(zone)s are put back on %(date)s and show %(clock)s twice. Write the time in UTC."),
    "clock_letters": _l(
        "Taken at their word the letters disagree with the season (%(readings)s). Read as the "
        "clock on the wall in %(places)s: %(start)s."
    ),
    "no_end_given": _l("No end is given; %(minutes)s minutes are assumed."),
    # cohorts and sessions
    "course_missing": _l("There is no course in this row. Write its title, or leave the row out."),
    "code_made": _l("There is no code; %(made)s is used."),
    "start_missing": _l("The last day is given but not the first. Write it as 2024-10-07."),
    "end_before_start": _l("The last day is before the first (%(start)s), so it is left open. Write it as 2024-10-07."),
    "partner_not_in_registry": _l("'%(partner)s' is not among the partner organisations; it stays in the row only."),
    "number_not_understood": _l("Not a whole number, so it is left open. Write figures only."),
    "number_out_of_range": _l("This should be from %(least)s to %(most)s, so it is left open. Check the number."),
    "title_missing": _l("There is no title in this row. Write it, or leave the row out."),
    "seats_missing": _l("How many presenters are wanted is not given; one seat is made."),
    "outcome_area_not_known": _l(
        "This is none of the four outcome areas, so it is left open. Write (i), (ii), (iii) or (iv)."
    ),
    "status_not_known": _l("This is no status we know; the session is put down as planned."),
    "status_interpreted": _l("Read as '%(status)s'."),
    # sharing
    "sharing_not_understood": _l(
        "Nobody can be sure what this allows, so nothing is shared. Write yes, no, or the partners' names."
    ),
    "sharing_except": _l("Read as every partner but %(partners)s."),
    "partner_not_known": _l(
        "'%(partner)s' is not a partner organisation, so nothing is shared with it. Write its code, such as UNODC."
    ),
    "sharing_differs": _l("Row %(row)s answers '%(other)s'. Only what both allow is shared until the person confirms."),
    # cells and rows
    "spreadsheet_error": _l("The cell holds the spreadsheet's own error, so it is left empty. Write the value."),
    "formula_kept_as_text": _l("This is a formula. It is kept as plain text and never worked out."),
    "remark_left_service": _l(
        "The remark says that the person has left. The status stays active; change it in the profile if it is so."
    ),
    "remark_on_leave": _l("The remark speaks of leave. Enter the days in the profile, so that nobody asks in vain."),
    "cell_comment": _l("Somebody pinned a comment to this cell: '%(comment)s'. It is not imported."),
    "section_row": _l("Read as a heading between rows, not as data."),
    "total_row": _l("Read as a row of totals, not as data."),
    "sheet_hidden": _l("The sheet is hidden, so it was left alone."),
    "sheet_not_recognised": _l("No heading row was recognised in this sheet, so it was left alone."),
    "windows_encoding": _l(
        "The file is not in UTF-8 and was read as Western European. If names look wrong, save it as 'CSV UTF-8'."
    ),
    # people met before
    "same_person_address": _l("The same address as row %(row)s: one person, the rows are merged."),
    "same_person_name": _l("The same name, country and agency as row %(row)s: one person, the rows are merged."),
    "may_be_same_person": _l(
        "May be the same person as %(other)s (%(where)s). They are kept apart; merge them if they are one."
    ),
    "address_of_another": _l(
        "This address is also that of %(other)s (%(where)s), who has quite another "
        "name. It is left out here; check whose it is."
    ),
    "asked_to_be_erased": _l(
        "The person with this address asked to be erased, so the row stays out. If they want to be here again, "
        "let the address in under Requests, then check the rows anew."
    ),
    "differs_from_row": _l("Row %(row)s has '%(other)s'. The first is kept; check which is right."),
    "kept_registry_value": _l(
        "The registry has '%(other)s', changed since. It is kept; change it there if this is newer."
    ),
    "event_same_title": _l(
        "A session of this title is at another time (%(start)s). Another one is made; leave the row out if it moved."
    ),
    "same_event_twice": _l("The same session as row %(row)s; it is made once."),
}


def refusal_words(code: str, details: Mapping[str, object]) -> str:
    """Why a file or a step was refused, in the reader's language."""
    return str(REFUSALS[code]) % details if details else str(REFUSALS[code])


# What is said instead where nothing is near enough to suggest.
_WITHOUT_SUGGESTION: dict[str, LazyString] = {
    "country_not_known": _l("No country or territory of that name. Write the usual UN name."),
    "theme_not_known": _l("No theme of this name is in the list. Add the theme or correct the word."),
    "cohort_not_known": _l("No cohort of this name. Write its code, or add the cohort first."),
}


def problem_words(problem: Problem) -> str:
    """One problem in the reader's language."""
    suggested = problem.details.get("suggestion") or problem.details.get("suggestions")
    if not suggested and problem.code in _WITHOUT_SUGGESTION:
        return str(_WITHOUT_SUGGESTION[problem.code])
    details = {"value": problem.value, **{key: value or "–" for key, value in problem.details.items()}}
    return str(PROBLEMS[problem.code]) % details
