"""Scripts of the browser, each one text: ES modules joined with all that they import.

Streamlit is given a component's script as text, so there is no address from which the browser
could fetch what it imports. Each module becomes a function that returns what it exports, after
those that it depends on. Understood are, at the start of a line,

    import { one, other as another } from "./file.js";
    export function one() {}      (also: class, const, async function, default function)
"""

import re
from pathlib import Path

IMPORT = re.compile(r'^import \{([^}]*)\} from "([^"]*)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export ((?:async )?function|class|const) (\w+)", re.MULTILINE)
DEFAULT = re.compile(r"^export default (?=function\b)", re.MULTILINE)
OTHER = re.compile(r"^(import|export)\b.*", re.MULTILINE)


def linked(entry: Path) -> str:
    """The module `entry` and all that it imports as the text of one module.

    ValueError names the file and what in it isn't understood, isn't exported or is circular.
    """
    order: list[Path] = []
    exports: dict[Path, list[str]] = {}
    parts = [_module(entry.resolve(), order, exports, ())]
    names = exports[order[-1]]
    last = f"_{len(order) - 1}"
    plain = [name for name in names if name != "default"]
    ends = [f"export const {{ {', '.join(plain)} }} = {last};"] if plain else []
    ends += [f"export default {last}.default;"] if "default" in names else []
    return "\n".join([*parts, *ends, ""])


def _module(
    path: Path, order: list[Path], exports: dict[Path, list[str]], above: tuple[Path, ...]
) -> str:
    """The text of a module and of those before it that are not in `order` yet."""
    if path in above:
        raise ValueError(f"{path}: imports itself, by way of {above[-1].name}.")
    text, before, given = path.read_text(encoding="utf-8"), [], []
    for match in IMPORT.finditer(text):
        other = (path.parent / match[2]).resolve()
        if other not in order:
            before.append(_module(other, order, exports, (*above, path)))
        wanted = [name.split(" as ") for name in re.split(r"\s*,\s*", match[1].strip(" \n,"))]
        for name, *_ in wanted:
            if name not in exports[other]:
                raise ValueError(f"{path}: imports {name}, which {other.name} does not export.")
        renamed = ", ".join(": ".join(name) for name in wanted)
        given.append(f"const {{ {renamed} }} = _{order.index(other)};")
    body = IMPORT.sub("", text)
    names = [match[2] for match in EXPORT.finditer(body)]
    returned = list(names)
    body = EXPORT.sub(r"\1 \2", body)
    if DEFAULT.search(body):
        body, names = DEFAULT.sub("const _default = ", body), [*names, "default"]
        returned.append("default: _default")
    if other_line := OTHER.search(body):
        raise ValueError(f"{path}: {other_line[0]!r} is not understood here.")
    exports[path] = names
    order.append(path)
    head = f"const _{len(order) - 1} = (() => {{ // {path.parent.name}/{path.name}"
    return "\n".join([*before, head, *given, body, f"return {{ {', '.join(returned)} }};", "})();"])
