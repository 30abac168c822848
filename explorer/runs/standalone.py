"""The code of a run, on its own: what it imports, what it reads, and `run.py` that repeats it.

Which modules belong to it follows from their import statements, without running anything; an
asset belongs to it when one of these modules names the file.
"""

import ast
import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, is_dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from explorer.runs.job import Job
from explorer.scene import Scene

ROOT = Path(__file__).parents[2]
ALWAYS = ("LICENSE", "assets/LICENSES.md")
PACKAGES = {"PIL": "pillow", "sklearn": "scikit-learn"}  # imported under another name


def bundle(
    job: Job, scene: Callable[..., Scene], view: str = "", functions: Sequence[Any] = ()
) -> bytes:
    """A zip archive that trains this very run again and draws its last frame."""
    jobs = _chain(job)
    needed = {scene.__module__, "explorer.draw.pillow_scene"}
    needed |= {function.__module__ for function in functions}
    for each in jobs:
        needed |= {each.process.__module__, type(each.config).__module__}
    files = closure(name for name in needed if name.startswith("explorer"))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("run.py", script(jobs, scene, view))
        archive.writestr("requirements.txt", "\n".join(requirements(files)) + "\n")
        archive.writestr("README.txt", _readme(jobs))
        kept = [*files, *needed_assets(files, jobs), *(ROOT / name for name in ALWAYS)]
        for path in sorted({path for path in kept if path.exists()}):
            archive.write(path, path.relative_to(ROOT).as_posix())
    return file.getvalue()


def possible(job: Job, scene: Callable[..., Scene]) -> bool:
    """Whether everything that a run needs is ours and can be imported by name."""
    named = [scene, *(each.process for each in _chain(job))]
    return all(
        each.__module__.startswith("explorer.") and each.__qualname__.isidentifier()
        for each in named
    )


def closure(modules: Iterable[str]) -> list[Path]:
    """The files of these modules of ours and of all that they import, their packages included."""
    found: set[Path] = set()
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        for ancestor in _ancestors(name):
            path = _file(ancestor)
            if path and path not in found:
                found.add(path)
                waiting += _imported(path, ancestor)
    return sorted(found)


def _ancestors(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[: i + 1]) for i in range(len(parts))]


def _file(module: str) -> Path | None:
    path = ROOT.joinpath(*module.split("."))
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if candidate.exists():
            return candidate
    return None


def _imported(path: Path, module: str) -> list[str]:
    """The modules of ours that a file imports, wherever in it the statement stands."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                near = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*near, *([base] if base else [])])
            names += [base, *(f"{base}.{alias.name}" for alias in node.names)]
    return [name for name in names if name.split(".")[0] == "explorer"]


def needed_assets(files: Sequence[Path], jobs: Sequence[Job]) -> list[Path]:
    """The assets of a run: where its first config says which it `reads`, those and no others.

    Else what its modules name; what pictures need (letters) comes along in any case.
    """
    reads = getattr(jobs[0].config, "reads", None)
    if reads is None:
        return assets(files, [repr(each.config) for each in jobs])
    drawing = [path for path in files if path.parent.name == "draw"]
    return [*assets(drawing, []), *(ROOT / "assets" / name for name in reads)]


def assets(files: Iterable[Path], asked: Sequence[str]) -> list[Path]:
    """The assets that these modules name, by folder and file name, the ending left out or not.

    An asset that only a function `f` names is left out when nobody else says "f": neither another
    module, as a name or as a string, nor the configs in `asked`. So the loader of MNIST brings its
    images along only where MNIST can be asked for.
    """
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in files}
    words = {path: _words(tree) for path, tree in trees.items()}
    every = [path for path in (ROOT / "assets").rglob("*") if path.is_file()]
    kept: set[Path] = set()
    for path, tree in trees.items():
        near = [asset for asset in every if {"assets", asset.parent.name} <= words[path]]
        for node in tree.body:
            named = _words(node)
            found = [asset for asset in near if {asset.name, asset.stem} & named]
            if found and isinstance(node, ast.FunctionDef):
                others = (used for other, used in words.items() if other != path)
                if not any(node.name in used for used in (*others, *asked)):
                    continue
            kept.update(found)
    folders = {path.parent for path in kept}
    return sorted(
        kept | {path for path in every if path.name == "OFL.txt" and path.parent in folders}
    )


def _words(tree: ast.AST) -> set[str]:
    """Every name and string in a piece of code, imported names included."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
        elif isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.alias):
            found.add(node.name.split(".")[-1])
    return found


def requirements(files: Iterable[Path]) -> list[str]:
    """What these modules need from elsewhere, in the versions that are installed here."""
    roots: set[str] = set()
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                roots |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                roots.add((node.module or "").split(".")[0])
    known = metadata.packages_distributions()
    names = {PACKAGES.get(root, root) for root in roots if root in known}
    return [f"{name}=={metadata.version(name).split('+')[0]}" for name in sorted(names)]


def script(jobs: Sequence[Job], scene: Callable[..., Scene], view: str) -> str:
    """`run.py`: the same processes with the same configs, one after the other."""
    imports = {f"from {scene.__module__} import {scene.__qualname__} as draw"}
    lines: list[str] = []
    for i, job in enumerate(jobs):
        process = job.process
        imports.add(f"from {process.__module__} import {process.__qualname__} as process_{i + 1}")
        imports |= {
            f"from {kind.__module__} import {kind.__qualname__} as {_alias(kind)}"
            for kind in _kinds(job.config)
        }
        lines.append(f"config = {_written(job.config)}")
        given = "config, model" if job.after else "config"
        lines.append(f"snapshots, model = finish(process_{i + 1}({given}))\n")
    shown = f"snapshot, {view!r}" if view else "snapshot"
    head, body = "\n".join(sorted(imports)), "\n".join(lines)
    return _SCRIPT.format(imports=head, body=body, shown=shown)


_SCRIPT = '''"""Train this run again and draw its last frame."""

import explorer  # limits the threads before the libraries load

{imports}
from explorer.draw.pillow_scene import picture
from explorer.scene import gathered


def finish(run):
    """All snapshots of a run and its model; every step is printed."""
    snapshots = []
    while True:
        try:
            snapshots.append(next(run))
        except StopIteration as end:
            return snapshots, end.value
        print(f"step {{snapshots[-1].step}}", end="\\r", flush=True)


{body}
scene = gathered([draw({shown}) for snapshot in snapshots])
print(scene.sentence)
for reading in scene.readings:
    print(f"{{reading.label}}: {{reading.value:.4g}} {{reading.unit}}")
picture(scene, "light", 1280, 2).save("result.png")
print("Drawn to result.png.")
'''


def _chain(job: Job) -> list[Job]:
    """The runs that a run builds on, first things first."""
    return [*(_chain(job.after) if job.after else []), job]


def _kinds(config: Any) -> set[type]:
    """The classes of all dataclasses in a config."""
    if not is_dataclass(config):
        return set()
    inner = (_kinds(getattr(config, field.name)) for field in fields(config))
    return {type(config)}.union(*inner)


def _alias(kind: type) -> str:
    """A name of its own for a class: a module may share its name with a function."""
    return "_".join([*kind.__module__.split(".")[2:], kind.__qualname__])


def _written(config: Any) -> str:
    """A config as the expression that builds it."""
    if isinstance(config, tuple):
        return "(" + "".join(f"{_written(item)}, " for item in config) + ")"
    if not is_dataclass(config):
        return repr(config)
    values = "".join(
        f"    {field.name}={_written(getattr(config, field.name))},\n"
        for field in fields(config)
        if field.init
    )
    return f"{_alias(type(config))}(\n{values})"


def _readme(jobs: Sequence[Job]) -> str:
    name = jobs[-1].process.__module__
    return (
        f"{name}, with exactly the settings that you chose.\n\n"
        "    python -m pip install -r requirements.txt\n"
        "    python run.py\n\n"
        "It trains the same model again and writes result.png. The settings stand in run.py.\n"
        "The code is under the MIT licence (LICENSE); the data have licences of their own\n"
        "(assets/LICENSES.md).\n"
    )
