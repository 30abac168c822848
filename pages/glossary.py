"""Glossary: every term of art in one sentence, and where it can be seen."""

from explorer import ui

page = ui.page("glossary")
found = ui.glossary(page.typed("find", ""))
if not found:
    page.note("none")
ui.footer("glossary")
