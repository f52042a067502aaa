"""The deep part: a small net over word vectors, trained with torch, read by numpy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - as everybody calls it

from rules.second_reader import Floats, Situation
from tests.quality.training.texts import Targets, Text
from tests.quality.training.vectors import DIMENSIONS

CHANNELS, CONTEXT, HIDDEN, SIDE = 96, 32, 64, 64
_EPOCHS, _BATCH, _RATE = 40, 32, 3e-3
_WORD_DROPOUT, _OWN_DROPOUT, _DROPOUT = 0.15, 0.3, 0.25
_SIDE_WEIGHT, _TEXT_WEIGHT = 0.5, 0.5
_SITUATION = len(Situation(None, False, False, False, False).vector(1))


@dataclass(frozen=True)
class Batch:
    """Some texts as flat tensors: words, and to which sentence and text each belongs."""

    ids: Tensor
    sentence: Tensor
    text: Tensor
    before: Tensor
    after: Tensor
    situation: Tensor
    sentences: int
    texts: int


class Net(nn.Module):
    """Word vectors, a convolution over three words, pooling, neighbours, one hidden layer."""

    def __init__(self, table: Floats, codes: int) -> None:
        super().__init__()
        self.taught = nn.Parameter(torch.tensor(table), requires_grad=False)
        self.own = nn.Embedding(len(table), DIMENSIONS)
        nn.init.zeros_(self.own.weight)
        self.project = nn.Linear(DIMENSIONS, DIMENSIONS, bias=False)
        self.conv = nn.Linear(DIMENSIONS * 3, CHANNELS)
        pooled = 2 * CHANNELS
        self.context = nn.Linear(pooled, CONTEXT)
        self.hidden = nn.Linear(pooled + CONTEXT * 4 + _SITUATION, HIDDEN)
        self.out = nn.Linear(HIDDEN, codes)
        self.skip = nn.Linear(pooled, codes)
        self.side = nn.Linear(pooled, SIDE)
        nn.init.constant_(self.out.bias, -3.0)

    def vectors(self, ids: Tensor) -> Tensor:
        """What each word is read as: the teacher's vector, projected, and a learnt correction."""
        own = self.own(ids)
        if self.training:
            own = own * (torch.rand(len(ids), 1) > _OWN_DROPOUT)
        found: Tensor = (self.project(self.taught[ids]) + own) * (ids > 0).unsqueeze(1)
        return found

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Log odds by sentence and code, and the guess of the sentence's vector."""
        pooled = F.dropout(self._pooled(batch), _DROPOUT, self.training)
        context = torch.tanh(self.context(pooled))
        padded = torch.cat([context, torch.zeros(1, CONTEXT)])
        index = batch.text.unsqueeze(1).expand_as(context)
        high = torch.full((batch.texts, CONTEXT), -1.0).scatter_reduce(0, index, context, "amax")
        low = torch.full((batch.texts, CONTEXT), 1.0).scatter_reduce(0, index, context, "amin")
        around = [padded[batch.before], padded[batch.after], high[batch.text], low[batch.text]]
        gates = F.relu(
            self.hidden(torch.cat([pooled, *around, batch.situation[batch.text]], dim=1))
        )
        odds = self.out(F.dropout(gates, _DROPOUT, self.training)) + self.skip(pooled)
        return odds, self.side(pooled)

    def _pooled(self, batch: Batch) -> Tensor:
        words = self.vectors(batch.ids)
        if self.training:
            words = F.dropout(words * (torch.rand(len(words), 1) > _WORD_DROPOUT), _DROPOUT / 2)
        same = (batch.sentence[1:] == batch.sentence[:-1]).unsqueeze(1).float()
        edge = torch.zeros(1, DIMENSIONS)
        before = torch.cat([edge, words[:-1] * same])
        after = torch.cat([words[1:] * same, edge])
        heard = F.relu(self.conv(torch.cat([before, words, after], dim=1)))
        index = batch.sentence.unsqueeze(1).expand_as(heard)
        empty = torch.zeros(batch.sentences, CHANNELS)
        root = torch.bincount(batch.sentence, minlength=batch.sentences).float().sqrt()
        strongest = empty.scatter_reduce(0, index, heard, "amax")
        summed = empty.scatter_add(0, index, heard) * 0.5 / (root + 1).unsqueeze(1)
        return torch.cat([strongest, summed], dim=1)


class Material:
    """All texts as rows of words, from which batches are drawn."""

    def __init__(self, texts: list[Text], rows: list[list[list[int]]]) -> None:
        self._rows = rows
        self._situations = np.array(
            [text.situation.vector(len(text.sentences)) for text in texts], np.float32
        )
        counts = [len(text.sentences) for text in texts]
        self.offsets = np.concatenate([[0], np.cumsum(counts)])

    def sentences(self, chosen: list[int]) -> Any:
        """The numbers of the sentences of some texts."""
        return np.concatenate([np.arange(self.offsets[t], self.offsets[t + 1]) for t in chosen])

    def batch(self, chosen: list[int]) -> Batch:
        """Some texts as one batch."""
        ids: list[int] = []
        sentence: list[int] = []
        text: list[int] = []
        before: list[int] = []
        after: list[int] = []
        for number, which in enumerate(chosen):
            rows = self._rows[which]
            for at, words in enumerate(rows):
                here = len(text)
                ids += words
                sentence += [here] * len(words)
                text.append(number)
                before.append(here - 1 if at else -1)
                after.append(here + 1 if at + 1 < len(rows) else -1)
        return Batch(
            ids=torch.tensor(ids),
            sentence=torch.tensor(sentence),
            text=torch.tensor(text),
            before=torch.tensor(before),
            after=torch.tensor(after),
            situation=torch.tensor(self._situations[chosen]),
            sentences=len(text),
            texts=len(chosen),
        )


def train(
    table: Floats, material: Material, goal: Targets, side: Floats, chosen: list[int], seed: int
) -> Net:
    """A net trained on some of the texts; the same seed gives the same net."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    net = Net(table, goal.text.shape[1])
    others = [p for name, p in net.named_parameters() if name != "own.weight" and p.requires_grad]
    optimiser = torch.optim.AdamW(
        [
            {"params": [net.own.weight], "weight_decay": 0.1},
            {"params": others, "weight_decay": 0.01},
        ],
        lr=_RATE,
    )
    steps = _EPOCHS * -(-len(chosen) // _BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, _RATE, total_steps=steps, pct_start=0.2
    )
    net.train()
    for _ in range(_EPOCHS):
        order = rng.permutation(chosen).tolist()
        for at in range(0, len(order), _BATCH):
            part = order[at : at + _BATCH]
            loss = _loss(net, material.batch(part), material.sentences(part), part, goal, side)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            optimiser.step()
            schedule.step()
    net.eval()
    return net


def _loss(
    net: Net, batch: Batch, rows: Any, part: list[int], goal: Targets, side: Floats
) -> Tensor:
    """By sentence; by text through its strongest sentence; and the teacher's vector on the side."""
    odds, guess = net(batch)
    by_sentence = _crossed(odds, goal.sentence[rows], goal.sentence_weight[rows])
    index = batch.text.unsqueeze(1).expand_as(odds)
    floor = torch.full((batch.texts, odds.shape[1]), -20.0)
    strongest = floor.scatter_reduce(0, index, odds, "amax")
    by_text = _crossed(strongest, goal.text[part], goal.text_weight[part])
    aside = ((guess - torch.tensor(side[rows])) ** 2).mean() * len(rows)
    total: Tensor = by_sentence + _TEXT_WEIGHT * by_text + _SIDE_WEIGHT * aside
    return total / len(part)


def _crossed(odds: Tensor, wanted: Floats, weight: Floats) -> Tensor:
    losses = F.binary_cross_entropy_with_logits(odds, torch.tensor(wanted), reduction="none")
    return (losses * torch.tensor(weight)).sum()
