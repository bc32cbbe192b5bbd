"""What the source says of the public names: definitions, fields, members, methods and docstrings, nothing imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tests.documents.markdown import ROOT

_ENUMS = {"StrEnum", "IntEnum", "Enum"}


@dataclass(frozen=True)
class Line:
    """A field (``type`` and perhaps ``default``) or a member (``default`` alone), as the source writes it."""

    name: str
    type: str
    default: str


@dataclass(frozen=True)
class Method:
    """A method, property or function; ``returns`` is ``None`` for one that gives nothing back."""

    name: str
    kind: str
    arguments: tuple[str, ...]
    returns: str
    doc: str

    @property
    def signature(self) -> str:
        """In one line, or an argument a line."""
        arrow = f" -> {self.returns}" if self.returns else ""
        if self.kind == "property":
            return f"{self.name}: {self.returns}"
        short = f"{self.name}({', '.join(self.arguments)}){arrow}"
        long = "".join(f"    {argument},\n" for argument in self.arguments)
        return short if len(short) <= 100 else f"{self.name}(\n{long}){arrow}"


@dataclass(frozen=True)
class Entry:
    """A public name: where it is from, what it is, and what it holds."""

    name: str
    module: str
    kind: str
    doc: str
    bases: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    methods: tuple[Method, ...] = ()


@cache
def parsed(module: str) -> ast.Module:
    """The tree of one of our modules."""
    path = ROOT / "src" / module.replace(".", "/")
    file = path.with_suffix(".py")
    return ast.parse((file if file.is_file() else path / "__init__.py").read_text("utf-8"))


def module_doc(module: str) -> str:
    """The docstring of a module."""
    return ast.get_docstring(parsed(module)) or ""


def exported(module: str) -> dict[str, tuple[str, str]]:
    """Public name -> (module, name there) of all that a module imports from ours, or sets itself."""
    found: dict[str, tuple[str, str]] = {}
    for node in parsed(module).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("asctl."):
            found |= {alias.asname or alias.name: (str(node.module), alias.name) for alias in node.names}
        elif name := _assigned(node):
            found[name] = (module, name)
    return {name: place for name, place in found.items() if not name.startswith("_")}


def defined(module: str) -> list[str]:
    """The public names that a module defines, in its order."""
    nodes = parsed(module).body
    names = [node.name if isinstance(node, ast.ClassDef | ast.FunctionDef) else _assigned(node) for node in nodes]
    return [name for name in names if name and not name.startswith("_")]


@cache
def entry(name: str, module: str, original: str) -> Entry:
    """What the source says of one name. ``KeyError`` where the module does not define it."""
    body = parsed(module).body
    for place, node in enumerate(body):
        if isinstance(node, ast.ClassDef) and node.name == original:
            return _class(name, module, node)
        if isinstance(node, ast.FunctionDef) and node.name == original:
            kind = "hook" if any(ast.unparse(mark) == "hookspec" for mark in node.decorator_list) else "function"
            method = _method(node, name, own=False)
            return Entry(name, module, kind, method.doc, methods=(method,))
        if _assigned(node) == original:
            return Entry(name, module, "constant", _text(body[place + 1]) if place + 1 < len(body) else "")
    raise KeyError(f"{module} does not define {original}")


def _class(name: str, module: str, node: ast.ClassDef) -> Entry:
    bases = tuple(ast.unparse(base) for base in node.bases)
    kind = _kind(bases, module, node)
    lines = tuple(_members(node) if kind == "enumeration" else _fields(node))
    return Entry(name, module, kind, ast.get_docstring(node) or "", bases, lines, tuple(_methods(node)))


def _kind(bases: tuple[str, ...], module: str, node: ast.ClassDef) -> str:
    if "Protocol" in bases:
        return "capability" if module.startswith("asctl.capabilities") else "interface"
    if _ENUMS & set(bases):
        return "enumeration"
    if bases == ("AsctlError",) or node.name == "AsctlError":
        return "error"
    return "record" if any("dataclass" in ast.unparse(mark) for mark in node.decorator_list) else "class"


def _fields(node: ast.ClassDef) -> Iterator[Line]:
    for part in node.body:
        if isinstance(part, ast.AnnAssign):
            yield Line(ast.unparse(part.target), _written(part.annotation), _default(part.value))


def _members(node: ast.ClassDef) -> Iterator[Line]:
    for part in node.body:
        if isinstance(part, ast.Assign):
            yield Line(ast.unparse(part.targets[0]), "", _written(part.value))


def _default(value: ast.expr | None) -> str:
    """A default as a reader would write it, whatever ``field()`` it stands in."""
    if not (isinstance(value, ast.Call) and ast.unparse(value.func) == "field"):
        return _written(value) if value else ""
    told = {keyword.arg: keyword.value for keyword in value.keywords}
    if "default_factory" in told:
        factory = _written(told["default_factory"])
        return {"dict": "{}", "list": "[]"}.get(factory, f"{factory}()")
    return _written(told["default"]) if "default" in told else ""


def _methods(node: ast.ClassDef) -> Iterator[Method]:
    for part in node.body:
        if isinstance(part, ast.FunctionDef) and (part.name == "__init__" or not part.name.startswith("_")):
            yield _method(part, node.name if part.name == "__init__" else part.name, own=True)


def _method(node: ast.FunctionDef, name: str, *, own: bool) -> Method:
    marks = {ast.unparse(mark) for mark in node.decorator_list}
    kind = next((mark for mark in ("property", "classmethod") if mark in marks), "function")
    arguments = tuple(_arguments(node.args))[1 if own else 0 :]
    returns = "" if node.name == "__init__" else _written(node.returns) if node.returns else ""
    return Method(name, kind, arguments, "" if returns == "None" else returns, ast.get_docstring(node) or "")


def _arguments(given: ast.arguments) -> Iterator[str]:
    defaults = [None] * (len(given.args) - len(given.defaults)) + list(given.defaults)
    yield from (_argument(*pair) for pair in zip(given.args, defaults, strict=True))
    if given.vararg or given.kwonlyargs:
        yield f"*{_argument(given.vararg, None) if given.vararg else ''}"
    yield from (_argument(*pair) for pair in zip(given.kwonlyargs, given.kw_defaults, strict=True))
    if given.kwarg:
        yield f"**{_argument(given.kwarg, None)}"


def _argument(argument: ast.arg, default: ast.expr | None) -> str:
    told = f"{argument.arg}: {_written(argument.annotation)}" if argument.annotation else argument.arg
    return f"{told} = {_written(default)}" if default else told


def _written(node: ast.expr) -> str:
    return ast.unparse(node).replace("'", '"')


def _assigned(node: ast.stmt) -> str:
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return node.target.id if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) else ""


def _text(node: ast.stmt) -> str:
    """The words below a constant."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return node.value.value
    return ""
