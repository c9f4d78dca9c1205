#!/usr/bin/env python3
"""Checks that the source tree keeps the structure that README.md promises; see RULES for the list.

  check_structure.py [ROOT]    prints each violation as `path: what is wrong`; exit status 1 if there is one
"""

import pathlib
import re
import sys

# Left to right: a room may depend on rooms to its left only.
ROOMS = ["base", "kernels", "interactions", "catalog", "dataset", "model", "als", "baselines",
         "evaluation", "retrieval", "serving", "training", "backup", "lab"]
TOP_LEVEL = {"proto", "server", "core", "client", "tests", "deploy", "CMakeLists.txt", "CMakePresets.json",
             "LICENSE", "README.md"}
# Git ignores these; whatever else begins with a dot belongs to a tool that demands it there.
IGNORED_TOP_LEVEL = {"build", "__pycache__"}
MAX_LINES = 500
# The files of client/ that may use the readers of core/, so that no file format is read in two ways.
CLIENT_FILE_READERS = {
    "client/cli/import.cc": "core/interactions/interaction_reader.h",
    "client/cli/items_import.cc": "core/catalog/item_reader.h",
}
# Pattern of an included header -> the rooms that may include it; every other room of core/ may not.
RESTRICTED_IN_CORE = {
    r"^(grpc|grpcpp|google/protobuf|google/rpc|ridgeline/v1)/": set(),
    r"\.pb\.h$": set(),
    r"^prometheus/": set(),
    r"^(civetweb|CivetServer)": set(),
    r"^(server|client|tests|proto)/": set(),
    r"^rocksdb/": {"interactions", "catalog"},
}


def sources(root, *folders):
    """Every C++ file below the folders, as a path relative to root."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".h", ".cc"):
                yield path.relative_to(root)


def read(root, path):
    return (root / path).read_text(encoding="utf-8")


def includes(root, path):
    """(line number, header) of every #include in a file."""
    for number, line in enumerate(read(root, path).splitlines(), 1):
        match = re.match(r'\s*#\s*include\s*[<"]([^>"]+)[>"]', line)
        if match:
            yield number, match.group(1)


def cmake_text(root, folder):
    """The folder's CMakeLists.txt without comments; empty if there is none."""
    path = root / folder / "CMakeLists.txt"
    return re.sub(r"#.*", "", path.read_text(encoding="utf-8")) if path.exists() else ""


def named_dependencies(root, room):
    """The rooms that core/ROOM/CMakeLists.txt names, as DEPENDS or as ridgeline::ROOM."""
    text = cmake_text(root, f"core/{room}")
    named = set(re.findall(r"ridgeline::(\w+)", text))
    for depends in re.findall(r"\bDEPENDS((?:\s+\w+)+)", text):
        named |= set(depends.split())
    return {name for name in named if name in ROOMS and name != room}


def reachable_rooms(root, room):
    reached, waiting = {room}, [room]
    while waiting:
        for name in named_dependencies(root, waiting.pop()) - reached:
            reached.add(name)
            waiting.append(name)
    return reached


def check_top_level(root):
    for path in sorted(root.iterdir()):
        if path.name not in TOP_LEVEL | IGNORED_TOP_LEVEL and not path.name.startswith("."):
            yield path.name, "is not one of the names that belong at the top level"


def check_room_order(root):
    """The rooms are those of ROOMS, and each names only rooms to its left."""
    listed = re.findall(r"add_subdirectory\((\w+)\)", cmake_text(root, "core"))
    if listed != ROOMS:
        yield "core/CMakeLists.txt", f"adds {listed}, not {ROOMS} in that order"
    for index, room in enumerate(ROOMS):
        for name in sorted(named_dependencies(root, room) - set(ROOMS[:index])):
            yield f"core/{room}/CMakeLists.txt", f"depends on {name}, which is to its right"


def check_room_includes(root):
    """A room includes itself and the rooms its CMakeLists.txt names, directly or through another."""
    allowed = {room: reachable_rooms(root, room) for room in ROOMS}
    for path in sources(root, "core"):
        room = path.parts[1]
        if room not in allowed:
            yield path, f"core/{room} is not a room"
            continue
        for number, header in includes(root, path):
            match = re.match(r"core/(\w+)/", header)
            if match and match.group(1) not in allowed[room]:
                yield f"{path}:{number}", f"includes {header}, but {room} does not depend on {match.group(1)}"


def check_core_is_pure(root):
    for path in sources(root, "core"):
        for number, header in includes(root, path):
            if any(path.parts[1] not in rooms and re.search(pattern, header)
                   for pattern, rooms in RESTRICTED_IN_CORE.items()):
                yield f"{path}:{number}", f"core/{path.parts[1]} may not include {header}"


def check_edges(root):
    """The client knows the wire only, its two import commands the readers too; the server does not know the client."""
    forbidden = {"client": r"(core|server|tests)/", "server": r"(client|tests)/"}
    for folder, pattern in forbidden.items():
        for path in sources(root, folder):
            for number, header in includes(root, path):
                if re.match(pattern, header) and CLIENT_FILE_READERS.get(path.as_posix()) != header:
                    yield f"{path}:{number}", f"{folder}/ may not include {header}"


def check_file_length(root):
    for path in sources(root, "core", "server", "client", "tests"):
        lines = len(read(root, path).splitlines())
        if lines > MAX_LINES:
            yield path, f"has {lines} lines, more than {MAX_LINES}"


def check_mirrored_tests(root):
    for path in sources(root, "core", "server", "client"):
        if path.suffix == ".cc" and path.name != "main.cc":
            mirror = pathlib.Path("tests") / path.with_name(path.stem + "_test.cc")
            if not (root / mirror).exists():
                yield path, f"has no {mirror}"


def check_everything_is_built(root):
    """A source that no CMakeLists.txt names is dead; a test that none names never runs."""
    for path in sources(root, "core", "server", "client", "tests"):
        if path.suffix != ".cc":
            continue
        named = any(re.search(r"(?:(?<![\w/])|(?<=\}/))%s\b" % re.escape(path.relative_to(folder).as_posix()),
                              cmake_text(root, folder)) for folder in path.parents)
        if not named:
            yield path, "is in no CMakeLists.txt, so it is never built"


def check_readmes(root):
    for folder in ["proto", "server", "client", "deploy", "tests"] + [f"core/{room}" for room in ROOMS]:
        if not (root / folder / "README.md").exists():
            yield folder, "has no README.md"


RULES = [check_top_level, check_room_order, check_room_includes, check_core_is_pure, check_edges,
         check_file_length, check_mirrored_tests, check_everything_is_built, check_readmes]


def violations(root, rules=RULES):
    return [f"{path}: {problem}" for rule in rules for path, problem in rule(root)]


def main():
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2]
    found = violations(root.resolve())
    print("\n".join(found + [f"{len(found)} violations of {len(RULES)} rules in {root.resolve()}"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
