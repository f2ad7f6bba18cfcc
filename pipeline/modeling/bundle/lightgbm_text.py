"""Reads LightGBM's model text by our own rules, so that its parser never sees a text that could harm.

LightGBM trusts its input: a wrong length, child or feature ends the process or reads foreign memory. Here the
text is parsed strictly, each tree is proved to be a tree over known features with finite numbers, and the
text is then *written again* from what was parsed: sizes are computed anew, the parameters at the end are
replaced by fixed ones, and nothing that was not understood survives. Only what Presença trains is accepted:
binary log-loss, one class, numeric splits, constant leaves.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.errors import UnsafeBundle
from pipeline.records import Note, note

MAX_TREES = 20_000
MAX_LEAVES = 1_024
MAX_DEPTH = 128
MAX_FEATURES = 2_000
MAX_MAGNITUDE = 1e6  # of a leaf: log-odds beyond it mean nothing

_NUMBER = re.compile(r"-?\d{1,25}(\.\d{1,25})?([eE][+-]?\d{1,3})?")
_INTEGER = re.compile(r"-?\d{1,15}")
_NAME = re.compile(r"[^\s\x00-\x1f\x7f]{1,200}")
_TAIL = re.compile(r"\nend of parameters\n\s*pandas_categorical:(\[\]|null)\s*\Z")
_ABOVE_ALL = re.compile(r"(?<![^ ])inf(?![^ ])")  # LightGBM's threshold that parts missing from all other values
_INFO = re.compile(rf"none|\[{_NUMBER.pattern}:{_NUMBER.pattern}\]")

_HEADER = (
    "version",
    "num_class",
    "num_tree_per_iteration",
    "label_index",
    "max_feature_idx",
    "objective",
    "feature_names",
    "feature_infos",
    "tree_sizes",
)
_NODE_FLOATS = ("split_gain", "threshold", "internal_value", "internal_weight")
_NODE_INTEGERS = ("split_feature", "decision_type", "left_child", "right_child", "internal_count")
_LEAF_FLOATS = ("leaf_value", "leaf_weight")
_TREE_ORDER = (
    "num_leaves",
    "num_cat",
    "split_feature",
    "split_gain",
    "threshold",
    "decision_type",
    "left_child",
    "right_child",
    "leaf_value",
    "leaf_weight",
    "leaf_count",
    "internal_value",
    "internal_weight",
    "internal_count",
    "is_linear",
    "shrinkage",
)
# bit 0: categorical; bit 1: missing goes left; bits 2-3: none, zero or NaN counts as missing
_NUMERIC_DECISIONS = frozenset({0, 2, 4, 6, 8, 10})

_FOOTER = (
    "end of trees\n\nfeature_importances:\n\nparameters:\n[boosting: gbdt]\n[objective: binary]\n"
    "[num_class: 1]\n[sigmoid: 1]\n[verbosity: -1]\n\nend of parameters\n\npandas_categorical:[]\n"
)


@dataclass(frozen=True)
class _Header:
    names: tuple[str, ...]
    infos: tuple[str, ...]
    sizes: int  # how many trees the text says it has


def canonical(text: str, columns: Sequence[str] | None = None) -> str:
    """The same trees as a text that is safe to hand to LightGBM. Raises UnsafeBundle for anything else.

    `columns`, when given, must be the model's feature names in order.
    """
    head, *blocks = _blocks(text)
    header = _header(head)
    if columns is not None and tuple(columns) != header.names:
        raise _refused(note("model_text.other_columns"))
    if len(blocks) != header.sizes:
        raise _refused(note("model_text.trees_differ", header=header.sizes, text=len(blocks)))
    trees = [_tree(block, number, len(header.names)) for number, block in enumerate(blocks)]
    return _written(header, trees)


def _blocks(text: str) -> list[str]:
    """Header and trees, as texts without the tail."""
    if "\r" in text or "\x00" in text:
        raise _refused(note("model_text.strange_characters"))
    body, mark, tail = text.partition("\nend of trees\n")
    if not mark or not _TAIL.search(tail):
        raise _refused(note("model_text.cut_off"))
    return re.split(r"\n(?=Tree=)", body)


def _fields(block: str, first: str) -> dict[str, str]:
    """`key=value` lines of a block; `first` is the line that it must begin with."""
    lines = block.strip("\n").split("\n")
    if lines[0] != first:
        raise _refused(note("model_text.line_missing", line=first))
    found: dict[str, str] = {}
    for line in lines[1:]:
        if not line:
            continue
        key, mark, value = line.partition("=")
        if not mark or key in found:
            raise _refused(note("model_text.line_unreadable"))
        found[key] = value
    return found


def _header(block: str) -> _Header:
    found = _fields(block, "tree")
    if set(found) != set(_HEADER):
        raise _refused(note("model_text.header_lines"))
    names = tuple(found["feature_names"].split(" "))
    infos = tuple(found["feature_infos"].split(" "))
    fixed = {
        "version": "v4",
        "num_class": "1",
        "num_tree_per_iteration": "1",
        "label_index": "0",
        "objective": "binary sigmoid:1",
        "max_feature_idx": str(len(names) - 1),
    }
    for key, expected in fixed.items():
        if found[key] != expected:
            raise _refused(note("model_text.header_value", key=key, expected=expected))
    if len(names) > MAX_FEATURES or len(set(names)) != len(names) or not all(map(_NAME.fullmatch, names)):
        raise _refused(note("model_text.column_names"))
    if len(infos) != len(names) or not all(map(_INFO.fullmatch, infos)):
        raise _refused(note("model_text.column_ranges"))
    sizes = found["tree_sizes"].split()
    if not 1 <= len(sizes) <= MAX_TREES:
        raise _refused(note("model_text.tree_count", most=MAX_TREES))
    return _Header(names, infos, len(sizes))


def _tree(block: str, number: int, features: int) -> dict[str, str]:
    """The checked lines of one tree."""
    found = _fields(block, f"Tree={number}")
    leaves = _integers(found.get("num_leaves", ""), 1, number)[0]
    if not 1 <= leaves <= MAX_LEAVES:
        raise _refused(note("model_text.leaf_count", tree=number, most=MAX_LEAVES))
    if found.get("num_cat") != "0" or found.get("is_linear") != "0":
        raise _refused(note("model_text.categories_or_lines", tree=number))
    _floats(found.get("shrinkage", ""), 1, number)
    if any(abs(v) > MAX_MAGNITUDE for v in _floats(found.get("leaf_value", ""), leaves, number)):
        raise _refused(note("model_text.extreme_values", tree=number))
    if leaves == 1:  # a stump without a split: LightGBM leaves most lines out or empty
        return {
            "num_leaves": "1",
            "num_cat": "0",
            "leaf_value": found["leaf_value"],
            "is_linear": "0",
            "shrinkage": found["shrinkage"],
        } | _stump_lines(found, number)
    if set(found) != set(_TREE_ORDER):
        raise _refused(note("model_text.tree_lines", tree=number))
    found["threshold"] = _ABOVE_ALL.sub("1e300", found["threshold"])
    for key in _NODE_FLOATS:
        _floats(found[key], leaves - 1, number)
    for key in _LEAF_FLOATS:
        _floats(found[key], leaves, number)
    _structure(found, leaves, features, number)
    return found


def _structure(found: dict[str, str], leaves: int, features: int, tree: int) -> None:
    """Splits over known features; every node and leaf reached exactly once, children after parents."""
    node = {key: _integers(found[key], leaves - 1, tree) for key in _NODE_INTEGERS}
    counts = _integers(found["leaf_count"], leaves, tree)
    if not all(0 <= feature < features for feature in node["split_feature"]):
        raise _refused(note("model_text.unknown_column", tree=tree))
    if not all(kind in _NUMERIC_DECISIONS for kind in node["decision_type"]):
        raise _refused(note("model_text.strange_split", tree=tree))
    if min(counts) < 1 or min(node["internal_count"]) < 1:
        raise _refused(note("model_text.empty_counts", tree=tree))  # SHAP divides by them
    reached: set[int] = set()
    depth = [0] * (leaves - 1)
    for parent in range(leaves - 1):
        for child in (node["left_child"][parent], node["right_child"][parent]):
            inside = parent < child < leaves - 1 if child >= 0 else -leaves <= child
            if not inside or child in reached:
                raise _refused(note("model_text.no_tree", tree=tree))
            reached.add(child)
            if child >= 0:
                depth[child] = depth[parent] + 1
    if max(depth) >= MAX_DEPTH:
        raise _refused(note("model_text.too_deep", tree=tree, most=MAX_DEPTH))


def _stump_lines(found: dict[str, str], tree: int) -> dict[str, str]:
    """What LightGBM reads of a tree of one leaf beside its value."""
    if "leaf_count" not in found:
        return {}
    if _integers(found["leaf_count"], 1, tree)[0] < 0:
        raise _refused(note("model_text.empty_counts", tree=tree))
    return {"leaf_count": found["leaf_count"]}


def _integers(value: str, count: int, tree: int) -> list[int]:
    parts = value.split(" ")
    if len(parts) != count or not all(map(_INTEGER.fullmatch, parts)):
        raise _refused(note("model_text.integers", tree=tree))
    return [int(part) for part in parts]


def _floats(value: str, count: int, tree: int) -> list[float]:
    parts = value.split(" ")
    if len(parts) != count or not all(map(_NUMBER.fullmatch, parts)):
        raise _refused(note("model_text.numbers", tree=tree))
    numbers = [float(part) for part in parts]
    if not all(map(math.isfinite, numbers)):
        raise _refused(note("model_text.infinite", tree=tree))
    return numbers


def _written(header: _Header, trees: list[dict[str, str]]) -> str:
    blocks = []
    for number, tree in enumerate(trees):
        lines = [f"Tree={number}"] + [f"{key}={tree[key]}" for key in _TREE_ORDER if key in tree]
        blocks.append("\n".join(lines) + "\n\n\n")
    head = [
        "tree",
        "version=v4",
        "num_class=1",
        "num_tree_per_iteration=1",
        "label_index=0",
        f"max_feature_idx={len(header.names) - 1}",
        "objective=binary sigmoid:1",
        f"feature_names={' '.join(header.names)}",
        f"feature_infos={' '.join(header.infos)}",
        # LightGBM skips from tree to tree by these byte counts without looking
        f"tree_sizes={' '.join(str(len(block.encode())) for block in blocks)}",
    ]
    return "\n".join(head) + "\n\n" + "".join(blocks) + _FOOTER


def _refused(why: Note) -> UnsafeBundle:
    return UnsafeBundle("bundle.text_refused", why=why)
