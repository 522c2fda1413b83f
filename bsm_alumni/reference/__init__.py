"""Code lists: countries and regions, languages and levels, zones, themes, the programme's own lists."""
