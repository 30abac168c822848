"""The page of many topics."""

import re

from tests.test_pages import opened, sound


def test_a_topic_asks_its_own_questions():
    page = sound(opened("ethics", topic="collapse"))
    words = " ".join(block.value for block in page.markdown)
    assert re.findall(r"\b1 of (\d+)\b", words) == ["2"]
    assert "What is lost first?" in words


def test_the_checklist_links_to_topics_that_there_are():
    from explorer.concepts.ethics.topics import DETECTORS, PRIVACY, TOPICS

    page = sound(opened("ethics", topic="society"))
    words = " ".join(block.value for block in page.markdown)
    linked = dict.fromkeys(re.findall(r"(?<=[?&])(topic|privacy|detectors)=(\w+)", words))
    assert len(linked) >= 6
    known = {"topic": TOPICS, "privacy": PRIVACY, "detectors": DETECTORS}
    assert all(value in known[key] for key, value in linked)
