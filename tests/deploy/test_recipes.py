"""The recipes for other machines say the same as the app, and start it."""

import re
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from explorer.ui.controls.packed import LONGEST
from tests.browser.conftest import Server, serve

ROOT = Path(__file__).parents[2]
served = contextmanager(serve)


def test_a_server_gets_the_same_versions():
    lines = (ROOT / "deploy/requirements.txt").read_text().splitlines()
    assert [line for line in lines if not line.startswith("#")] == ["-r ../requirements.txt"]


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_every_dependency_is_pinned(file):
    for line in (ROOT / file).read_text().splitlines():
        assert re.fullmatch(r"[\w.-]+==[\w.+]+|-r requirements.txt", line), line


def test_the_image_runs_without_rights_and_asks_after_its_health():
    lines = (ROOT / "Dockerfile").read_text()
    assert lines.index("USER explorer") < lines.index("HEALTHCHECK") < lines.rindex("CMD")
    for name in re.findall(r"^COPY (\S+)", lines, re.MULTILINE):
        assert (ROOT / name).exists(), name
    kept = (ROOT / ".dockerignore").read_text()
    for name in ("assets", "explorer", "pages", "deploy", "streamlit_app.py", ".streamlit"):
        assert f"!{name}\n" in kept


def test_a_server_with_headers_tells_the_browser_to_load_from_nowhere_else():
    with served("deploy/serve.py") as server, urlopen(server.url) as page:
        policy = page.headers["Content-Security-Policy"]
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'self'" in policy
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe" not in scripts
    assert "sha256-" in scripts


@pytest.mark.parametrize("path", ["", "explorer"])
def test_a_deep_path_leads_to_its_page_and_the_longest_link_is_answered(path):
    with served("deploy/serve.py", path=path) as server:
        root = f"{server.url}/{path}".rstrip("/")
        for deep in ("gan/x/y", "gan/", "gan/diffusion"):
            with urlopen(f"{root}/{deep}?steps=300&seed=3") as page:
                assert page.url == f"{root}/gan?steps=300&seed=3"
        with urlopen(f"{root}/text?own={'a' * LONGEST}") as page:
            assert page.status == 200


def healthy(server: Server, path: str = "") -> int:
    port = server.url.rsplit(":", 1)[1]
    environment = {"STREAMLIT_SERVER_PORT": port, "STREAMLIT_SERVER_BASE_URL_PATH": path}
    return subprocess.run(
        [sys.executable, "deploy/healthy.py"], cwd=ROOT, env=environment
    ).returncode


def test_the_health_check_tells_a_server_that_is_well_from_one_that_is_not():
    with served("deploy/streamlit_app.py", path="explorer") as server:
        assert healthy(server, "explorer") == 0
        assert healthy(server, "elsewhere") == 1
    assert healthy(server, "explorer") == 1
