"""What was learnt, as the arrays that the second reader reads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import torch

from rules.second_reader import Floats
from tests.quality.training.net import CHANNELS, Net
from tests.quality.training.wide import Wide

#: What the wide part counts for beside the deep one, which is right more often.
_WIDE_SHARE = 0.5
#: What a word may say at most, in sixteen bits: a place hears three, and their sum must fit too.
_LARGEST = 10_900


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
    """Several nets, each a place on the first axis of all weights; their odds are averaged."""
    share = 1 / len(nets)
    vectors, scales = zip(*(_vectors(net, rows) for net in nets), strict=True)
    parts = {
        "vectors": np.stack(vectors),
        "vector_scales": np.array(scales, np.float32),
        "conv": np.stack([_by_direction(net) for net in nets]).astype(np.float16),
        "conv_b": _stacked(net.conv.bias for net in nets),
        "ctx": _stacked(net.context.weight.T for net in nets),
        "ctx_b": _stacked(net.context.bias for net in nets),
        "hid": _stacked(net.hidden.weight.T for net in nets),
        "hid_b": _stacked(net.hidden.bias for net in nets),
        "out": _stacked(net.out.weight.T for net in nets) * share,
        "out_b": _stacked(net.out.bias for net in nets) * share,
        "skip": _stacked(net.skip.weight.T for net in nets) * share,
        "skip_b": _stacked(net.skip.bias for net in nets) * share,
    }
    return parts | {"says_unit": _unit(parts)}


def _by_direction(net: Net) -> Any:
    """What a word's vector is multiplied with: for the place after it, its own, the one before."""
    return np.hstack(np.split(_array(net.conv.weight).T, 3))


def _vectors(net: Net, rows: int) -> tuple[Any, Any]:
    with torch.no_grad():
        table = net.vectors(torch.arange(rows)).numpy()
    scale = np.float32(np.percentile(np.abs(table), 99.95) / 127)
    return np.clip(np.round(table / scale), -127, 127).astype(np.int8), scale


def _unit(parts: dict[str, Any]) -> Any:
    """One step of the sixteen-bit numbers in which the reader keeps what words say."""
    conv = parts["conv"].astype(np.float32)
    own = slice(CHANNELS, 2 * CHANNELS)
    most = 0.0
    for vectors, scale, said, bias in zip(
        parts["vectors"], parts["vector_scales"], conv, parts["conv_b"], strict=True
    ):
        says = (vectors * scale) @ said
        says[:, own] += bias
        most = max(most, float(np.abs(says).max()))
    return np.float32(most / _LARGEST)


def _stacked(parameters: Iterable[Any]) -> Any:
    return np.stack([_array(each) for each in parameters])


def _small(weights: Floats) -> tuple[Any, Any]:
    """Weights as eight-bit numbers and their scale."""
    scale = np.float32((np.abs(weights).max() if weights.size else 0) / 127 or 1)
    return np.round(weights / scale).astype(np.int8), scale


def _array(parameter: Any) -> Floats:
    return np.asarray(parameter.detach().numpy(), np.float32)
