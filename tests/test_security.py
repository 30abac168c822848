"""Rules that keep what comes from outside from being run or rendered, read from the source."""

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = [*ROOT.glob("explorer/**/*.py"), *ROOT.glob("pages/*.py"), *ROOT.glob("deploy/*.py")]
SCRIPTS = [*ROOT.glob("explorer/ui/**/*.js")]
DANGEROUS = {
    *("eval", "exec", "compile", "__import__", "os.system", "subprocess.run", "subprocess.Popen"),
    *("pickle.load", "pickle.loads", "marshal.loads", "torch.load", "yaml.load"),
}
IN_THE_BROWSER = ("eval(", "new Function", "document.write", "insertAdjacentHTML", "outerHTML")


def label(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def calls(path: Path) -> list[ast.Call]:
    return [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Call)]


@pytest.mark.parametrize("path", FILES, ids=label)
def test_nothing_that_was_read_is_ever_run(path):
    assert not {ast.unparse(call.func) for call in calls(path)} & DANGEROUS


@pytest.mark.parametrize("path", FILES, ids=label)
def test_arrays_are_read_without_pickle(path):
    for call in calls(path):
        if ast.unparse(call.func) in ("np.load", "numpy.load"):
            said = {word.arg: ast.unparse(word.value) for word in call.keywords}
            assert said.get("allow_pickle", "False") == "False"


@pytest.mark.parametrize("path", FILES, ids=label)
def test_html_is_only_ever_a_style_sheet_of_our_own_a_marked_term_or_escaped(path):
    for call in calls(path):
        allowed = [word.value for word in call.keywords if word.arg == "unsafe_allow_html"]
        if [ast.unparse(each) for each in allowed] == ["TERM in text"]:
            continue  # explorer.glossary.marked makes text of all other tags
        html = bool(allowed)
        if html or ast.unparse(call.func) == "st.html":
            text = call.args[0]
            inserted = [n.value for n in ast.walk(text) if isinstance(n, ast.FormattedValue)]
            escaped = all(ast.unparse(value).startswith("escape(") for value in inserted)
            style = ast.unparse(text).startswith("f'<style>")
            assert style or (inserted and escaped), ast.unparse(call)


@pytest.mark.parametrize("path", SCRIPTS, ids=label)
def test_scripts_in_the_browser_build_elements_and_never_read_html_from_data(path):
    text = path.read_text()
    assert not [word for word in IN_THE_BROWSER if word in text]
    for line in text.splitlines():
        if "innerHTML" in line and "innerHTML = " in line:
            assert "${" not in line and "data." not in line, line  # noqa: PT018


def test_requests_from_other_sites_are_refused_and_uploads_are_small():
    server = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())["server"]
    assert server["enableXsrfProtection"]
    assert server["enableCORS"]
    assert server["maxUploadSize"] <= 2
