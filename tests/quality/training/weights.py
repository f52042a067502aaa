"""What was learnt, as the arrays that the second reader reads."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from scipy.linalg import block_diag

from rules.second_reader import Floats
from tests.quality.training.net import CHANNELS, CONTEXT, Net
from tests.quality.training.vectors import DIMENSIONS
from tests.quality.training.wide import Wide

#: What the wide part counts for beside the deep one, which is right more often.
_WIDE_SHARE = 0.5


def stored(lines: Any) -> Any:
    """Words, one a line, as bytes."""
    return np.frombuffer("\n".join(lines).encode(), np.uint8)


def of_wide(part: Wide) -> dict[str, Any]:
    """The wide part."""
    own, own_scale = _small(part.own * _WIDE_SHARE)
    anywhere, anywhere_scale = _small(part.anywhere * _WIDE_SHARE)
    pairs, pair_scale = _small(part.pairs * _WIDE_SHARE)
    return {
        "uni": own,
        "uni_scale": own_scale,
        "anywhere": anywhere,
        "any_scale": anywhere_scale,
        "pair_keys": part.pair_keys,
        "pairs": pairs,
        "pair_scale": pair_scale,
        "features": stored(part.features),
        "feature_w": (part.feature_weights * _WIDE_SHARE).astype(np.float16),
        "wide_b": (part.bias * _WIDE_SHARE).astype(np.float32),
    }


def of_nets(nets: list[Net], rows: int) -> dict[str, Any]:
    """Several nets as one: side by side, none hearing the others, their odds averaged."""
    pooled, around = [CHANNELS] * 2, [CONTEXT] * 4
    vectors, scales = zip(*(_vectors(net, rows) for net in nets), strict=True)
    conv = _apart([_array(net.conv.weight).T for net in nets], [DIMENSIONS] * 3)
    hidden = [_array(net.hidden.weight).T for net in nets]
    heard = sum(pooled + around)
    return {
        "vectors": np.hstack(vectors),
        "vector_scale": np.repeat(scales, DIMENSIONS).astype(np.float32),
        "conv": np.hstack(np.split(conv, 3)).astype(np.float16),
        "conv_b": np.hstack([_array(net.conv.bias) for net in nets]),
        "ctx": _apart([_array(net.context.weight).T for net in nets], pooled),
        "ctx_b": np.hstack([_array(net.context.bias) for net in nets]),
        "hid": np.vstack(
            [
                _apart([part[:heard] for part in hidden], pooled + around),
                np.hstack([part[heard:] for part in hidden]),
            ]
        ),
        "hid_b": np.hstack([_array(net.hidden.bias) for net in nets]),
        "out": np.vstack([_array(net.out.weight).T for net in nets]) / len(nets),
        "out_b": np.mean([_array(net.out.bias) for net in nets], axis=0),
        "skip": _together([_array(net.skip.weight).T for net in nets], pooled) / len(nets),
        "skip_b": np.mean([_array(net.skip.bias) for net in nets], axis=0),
    }


def _vectors(net: Net, rows: int) -> tuple[Any, Any]:
    with torch.no_grad():
        table = net.vectors(torch.arange(rows)).numpy()
    scale = np.float32(np.percentile(np.abs(table), 99.95) / 127)
    return np.clip(np.round(table / scale), -127, 127).astype(np.int8), scale


def _apart(parts: list[Floats], groups: list[int]) -> Floats:
    """One matrix of those of several nets, each with rows and columns of its own.

    The rows come in groups of so many a net, and the reader wants the same group of all nets together.
    """
    return np.vstack([block_diag(*same) for same in _grouped(parts, groups)])


def _together(parts: list[Floats], groups: list[int]) -> Floats:
    """As `_apart`, with the columns shared."""
    return np.vstack([np.vstack(same) for same in _grouped(parts, groups)])


def _grouped(parts: list[Floats], groups: list[int]) -> list[tuple[Floats, ...]]:
    ends = np.cumsum(groups)[:-1]
    return list(zip(*(np.split(part, ends) for part in parts), strict=True))


def _small(weights: Floats) -> tuple[Any, Any]:
    """Weights as eight-bit numbers and their scale."""
    scale = np.float32((np.abs(weights).max() if weights.size else 0) / 127 or 1)
    return np.round(weights / scale).astype(np.int8), scale


def _array(parameter: Any) -> Floats:
    return np.asarray(parameter.detach().numpy(), np.float32)
