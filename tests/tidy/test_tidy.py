"""The code's own rules: what a reader may rely on everywhere in it."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOTS = [ROOT / name for name in ("fakes", "simulator", "scenarios")]
SOURCES = sorted(path for root in ROOTS for path in root.rglob("*.py"))

#: What reads the wall clock or the operating system's randomness, or differs from process to process.
IMPURE = {
    "time": {
        "time",
        "time_ns",
        "monotonic",
        "monotonic_ns",
        "perf_counter",
        "perf_counter_ns",
        "process_time",
        "sleep",
    },
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "uuid": {"uuid1", "uuid4"},
    "os": {"urandom", "getpid", "getrandom"},
    "random": {"random", "randint", "choice", "choices", "shuffle", "sample", "seed", "uniform", "SystemRandom"},
    "secrets": {"token_hex", "token_bytes", "token_urlsafe", "randbelow", "choice"},
}


def module(path: Path) -> str:
    root = next(root for root in ROOTS if path.is_relative_to(root))
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in SOURCES:
        yield path, ast.parse(path.read_text(encoding="utf-8"), str(path))


def test_there_is_something_to_look_at() -> None:
    """The checks below see all three roots."""
    assert {path.relative_to(ROOT).parts[0] for path in SOURCES} == {"fakes", "simulator", "scenarios"}


def imported(tree: ast.Module) -> set[str]:
    """The names that a module imports: a parameter called `random` is not the module of that name."""
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


def test_only_doors_read_the_wall_clock_or_the_systems_randomness() -> None:
    """Elsewhere the same seed gives the same bytes, in any process."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno} {ast.unparse(node)}"
        for path, tree in trees()
        if "doors" not in path.parts
        for names in [imported(tree)]
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in names
        and node.attr in IMPURE.get(node.value.id, ())
    ]
    assert found == []


def test_nothing_depends_on_hash() -> None:
    """`hash()` differs from process to process, and nobody imports the impure names one by one."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, tree in trees()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "hash")
        or (
            isinstance(node, ast.ImportFrom)
            and "doors" not in path.parts
            and any(alias.name in IMPURE.get(node.module or "", ()) for alias in node.names)
        )
    ]
    assert found == []


def test_functions_are_short() -> None:
    """No body is longer than 60 lines; nine in ten have 20 at most."""
    lengths = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": node.body[-1].end_lineno - node.body[0].lineno + 1
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.body[-1].end_lineno
    }
    assert {name: length for name, length in lengths.items() if length > 60} == {}
    assert sorted(lengths.values())[len(lengths) * 9 // 10] <= 20


def test_files_are_short() -> None:
    """No module is longer than 500 lines."""
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in SOURCES}
    assert {name: length for name, length in lengths.items() if length > 500} == {}


def test_no_module_is_called_utils() -> None:
    """Nor helpers, common or misc: a module is named after the thing it holds."""
    assert [p for p in SOURCES if p.stem in {"utils", "util", "helpers", "helper", "common", "misc"}] == []


def test_there_is_no_global_state_to_change() -> None:
    """No `global` statement anywhere."""
    found = [str(path) for path, tree in trees() if any(isinstance(node, ast.Global) for node in ast.walk(tree))]
    assert found == []


def imports(tree: ast.Module, of: str) -> Iterator[str]:
    """The project's modules that a module imports when it is loaded."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("hubtwin"):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in MODULES else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)


MODULES = {module(path): path for path in SOURCES}


def test_modules_do_not_import_each_other_in_circles() -> None:
    """What a module needs at load time never leads back to it."""
    graph = {module(path): set(imports(tree, module(path))) - {module(path)} for path, tree in trees()}
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(f"import cycle: {' -> '.join(error.args[1])}")


@pytest.mark.parametrize(("root", "forbidden"), [("fakes", ("simulator", "scenarios")), ("simulator", ("scenarios",))])
def test_a_root_knows_nothing_of_those_above_it(root: str, forbidden: tuple[str, ...]) -> None:
    """Fakes ← simulator ← scenarios: imports inside functions count as well."""
    above = {name for name, path in MODULES.items() if path.relative_to(ROOT).parts[0] in forbidden}
    found = [
        f"{path.relative_to(ROOT)} imports {node.module}"
        for path, tree in trees()
        if path.relative_to(ROOT).parts[0] == root
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in above
    ]
    assert found == []
