"""The six languages of the pages, and what goes with each; pure."""

# Each in its own words, as language choosers show it.
LOCALES = {
    "ar": "العربية",
    "zh": "中文",
    "en": "English",
    "fr": "Français",
    "ru": "Русский",
    "es": "Español",
}
RTL = frozenset({"ar"})
# UN usage writes '8 July 2026' and clocks of 24 hours, as British English does.
BABEL_LOCALES = {"en": "en_GB"}
HTML_LANG = {"zh": "zh-Hans"}


def babel_locale(code: str) -> str:
    """The locale whose forms of dates and numbers go with one of our languages."""
    return BABEL_LOCALES.get(code, code)
