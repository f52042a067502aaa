"""The deep part: a small net over word vectors, trained with torch, read by numpy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - as everybody calls it

from rules.second_reader import Floats, Ints, Situation
from tests.quality.training.texts import Targets, Text
from tests.quality.training.vectors import DIMENSIONS

CHANNELS, CONTEXT, HIDDEN, SIDE = 160, 48, 128, 64
_EPOCHS, _BATCH, _RATE = 24, 32, 3e-3
_WORD_DROPOUT, _OWN_DROPOUT, _DROPOUT = 0.15, 0.3, 0.25
_OWN_DECAY = 0.1
# What is asked in the end is the text: whether its strongest sentence is right counts double.
_SIDE_WEIGHT, _TEXT_WEIGHT = 0.5, 2.0
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
        self.own = nn.Embedding(len(table), DIMENSIONS, sparse=True)
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
    """All texts as rows of words, one after the other, from which batches are drawn."""

    def __init__(self, texts: list[Text], rows: list[list[list[int]]]) -> None:
        self._ids = np.array([w for text in rows for words in text for w in words], np.int64)
        self._starts = _offsets([len(words) for text in rows for words in text])
        self._situations = np.array(
            [text.situation.vector(len(text.sentences)) for text in texts], np.float32
        )
        self.offsets = _offsets([len(text.sentences) for text in texts])

    def sentences(self, chosen: Sequence[int]) -> Ints:
        """The numbers of the sentences of some texts."""
        return np.concatenate([np.arange(self.offsets[t], self.offsets[t + 1]) for t in chosen])

    def batch(self, chosen: Sequence[int]) -> Batch:
        """Some texts as one batch."""
        numbers = self.sentences(chosen)
        words = [
            self._ids[self._starts[self.offsets[t]] : self._starts[self.offsets[t + 1]]]
            for t in chosen
        ]
        counts = [self.offsets[t + 1] - self.offsets[t] for t in chosen]
        text = np.repeat(np.arange(len(chosen)), counts)
        first = np.append(True, text[1:] != text[:-1])
        last = np.append(first[1:], True)
        place = np.arange(len(numbers))
        lengths = self._starts[numbers + 1] - self._starts[numbers]
        return Batch(
            ids=torch.from_numpy(np.concatenate(words)),
            sentence=torch.from_numpy(np.repeat(place, lengths)),
            text=torch.from_numpy(text),
            before=torch.from_numpy(np.where(first, -1, place - 1)),
            after=torch.from_numpy(np.where(last, -1, place + 1)),
            situation=torch.from_numpy(self._situations[list(chosen)]),
            sentences=len(numbers),
            texts=len(chosen),
        )


def _offsets(lengths: list[int]) -> Ints:
    return np.concatenate([[0], np.cumsum(lengths)])


def train(
    table: Floats, material: Material, goal: Targets, side: Floats, chosen: list[int], seed: int
) -> Net:
    """A net trained on some of the texts; the same seed gives the same net."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    net = Net(table, goal.text.shape[1])
    course = _Course(net, _EPOCHS * -(-len(chosen) // _BATCH))
    net.train()
    for _ in range(_EPOCHS):
        order = rng.permutation(chosen).tolist()
        for at in range(0, len(order), _BATCH):
            part = order[at : at + _BATCH]
            course.step(
                _loss(net, material.batch(part), material.sentences(part), part, goal, side)
            )
        course.fade(-(-len(chosen) // _BATCH))
    net.eval()
    return net


class _Course:
    """Steps of two optimisers: what a word has of its own changes only where the word is met."""

    def __init__(self, net: Net, steps: int) -> None:
        self._own = net.own.weight
        self._others = [p for p in net.parameters() if p.requires_grad and p is not net.own.weight]
        dense = torch.optim.AdamW(self._others, lr=_RATE, weight_decay=0.01)
        sparse = torch.optim.SparseAdam([self._own], lr=_RATE)
        self._optimisers = dense, sparse
        cycle = torch.optim.lr_scheduler.OneCycleLR
        self._schedules = (
            cycle(dense, _RATE, total_steps=steps, pct_start=0.2),
            cycle(sparse, _RATE, total_steps=steps, pct_start=0.2, cycle_momentum=False),
        )

    def step(self, loss: Tensor) -> None:
        for optimiser in self._optimisers:
            optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self._others, 5.0)
        for each in (*self._optimisers, *self._schedules):
            each.step()

    def fade(self, steps: int) -> None:
        """What AdamW's weight decay would do to the words' own in so many steps."""
        rate = self._schedules[0].get_last_lr()[0]
        with torch.no_grad():
            self._own.mul_(max(1 - rate * _OWN_DECAY * steps, 0.2))


def _loss(
    net: Net, batch: Batch, rows: Ints, part: list[int], goal: Targets, side: Floats
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
