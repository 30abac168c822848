"""Scripts are joined from their modules: in order, once each, and mistakes are named."""

import re
import shutil
import subprocess

import pytest

from explorer.ui.script import linked


@pytest.fixture
def write(tmp_path):
    def file(name, text):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return file


def test_modules_come_once_each_after_those_that_they_import(write):
    write("shared/number.js", "const hidden = 2;\nexport const two = () => hidden;\n")
    write("a.js", 'import { two } from "./shared/number.js";\nexport class A { n = two(); }\n')
    entry = write(
        "b.js",
        'import { A } from "./a.js";\nimport {\n  two as zwei,\n} from "./shared/number.js";\n\n'
        "const hidden = 5;\nexport async function show() { return new A().n + zwei() + hidden; }\n"
        "export default function () { return show(); }\n",
    )
    text = linked(entry)
    assert re.findall(r"// \S+/(\w+\.js)", text) == ["number.js", "a.js", "b.js"]
    assert not re.search(r"^import", text, re.MULTILINE)
    assert "{ two: zwei } = _0" in text
    node = shutil.which("node")
    if node:  # and it does what it should
        script = text + "\nconsole.log(await show(), _2.default === _2.show);"
        said = subprocess.run(
            [node, "--input-type=module", "-e", script], capture_output=True, text=True, check=True
        )
        assert said.stdout.split() == ["9", "false"]


def test_the_end_exports_what_the_entry_exports(write):
    assert linked(write("a.js", "export function show() {}\n")).endswith(
        "export const { show } = _0;\n"
    )
    only = linked(write("b.js", "export default function () {}\n"))
    assert only.endswith("export default _0.default;\n")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('import { none } from "./there.js";\n', "imports none, which there.js does not export"),
        ('import all from "./there.js";\n', "import all from .* is not understood"),
        ("export { one };\n", "export .* is not understood"),
        ('import { one } from "./here.js";\nexport const one = 1;\n', "imports itself"),
    ],
)
def test_what_cannot_be_joined_is_named_with_its_file(write, text, why):
    write("there.js", "export const one = 1;\n")
    with pytest.raises(ValueError, match=rf"here\.js: .*{why}"):
        linked(write("here.js", text))
