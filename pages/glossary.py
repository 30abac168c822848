"""Glossary: every term of art in one sentence, and where it can be seen."""

from explorer import ui
from explorer.data.writing import read

page = ui.page("glossary")
found = ui.glossary(page.typed("find", "", lambda words: read(words, straight=True)))
if not found:
    page.note("none")
ui.footer("glossary")
