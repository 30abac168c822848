"""`python -m benchmarks.pictures [name ...]`: cards of the home page, pictures of the README.

Trains every concept with the settings that its page starts with. All of them without names.
"""

import sys

import explorer  # noqa: F401  limits the threads before the libraries load
from benchmarks import screenshots, thumbnails
from explorer.ui.home.contents import CONTENTS
from explorer.ui.home.home import all_pages

if __name__ == "__main__":
    names = sys.argv[1:]
    concepts = [each.name for each in all_pages()]
    thumbnails.paint([name for name in names or concepts if name in concepts])
    screenshots.shoot(names or [each.name for each in CONTENTS if each.name != "glossary"])
