#!/usr/bin/env python3
"""The networks of `perf models` in PyTorch, on the same shapes: torch_models.py --backend pytorch|pytorch-compiled --bench MODEL --secs S

Prints a line of JSON for each number. A step does what fit does: copy a batch of shuffled samples to the device, forward,
loss, accuracy, backward, Adam. PEER_PRECISION chooses fp32 (the default), tf32 or bf16 (autocast), PEER_COMPILE the mode of
torch.compile (reduce-overhead, which replays CUDA graphs; max-autotune takes minutes for ResNet50). PEER_DEVICE is cuda or cpu.
"""
import argparse
import json
import os
import time

import torch
from torch import nn
from torch.nn import functional as F

parser = argparse.ArgumentParser()
parser.add_argument("--backend", default="pytorch", choices=["pytorch", "pytorch-compiled"])
parser.add_argument("--bench", required=True)
parser.add_argument("--secs", type=float, default=8)
arguments = parser.parse_args()

PRECISION = os.environ.get("PEER_PRECISION", "fp32")
DEVICE = os.environ.get("PEER_DEVICE", "cuda" if torch.cuda.is_available() else "cpu")
torch.backends.cuda.matmul.allow_tf32 = PRECISION == "tf32"
torch.backends.cudnn.allow_tf32 = PRECISION == "tf32"
torch.backends.cudnn.benchmark = True
torch.manual_seed(0)


class Mean(nn.Module):
    def __init__(self, dims):
        super().__init__()
        self.dims = dims

    def forward(self, x):
        return x.mean(self.dims)


def tiny():
    return nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 3))


def mlp():
    return nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10))


def cnn():
    return nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25),
        nn.Flatten(), nn.Linear(64 * 12 * 12, 128), nn.ReLU(), nn.Linear(128, 10))


def unit(inputs, filters, size, strides, padding):
    return [nn.Conv2d(inputs, filters, size, strides, padding, bias=False), nn.BatchNorm2d(filters, eps=1e-3)]


class Residual(nn.Module):
    """A block with a shortcut: two 3 x 3 convolutions, or the bottleneck of ResNet50."""

    def __init__(self, inputs, filters, strides, bottleneck):
        super().__init__()
        outputs = 4 * filters if bottleneck else filters
        if bottleneck:
            parts = [*unit(inputs, filters, 1, strides, 0), nn.ReLU(), *unit(filters, filters, 3, 1, 1), nn.ReLU(),
                     *unit(filters, outputs, 1, 1, 0)]
        else:
            parts = [*unit(inputs, filters, 3, strides, 1), nn.ReLU(), *unit(filters, filters, 3, 1, 1)]
        self.body = nn.Sequential(*parts)
        self.shortcut = nn.Identity() if inputs == outputs and strides == 1 else nn.Sequential(
            *unit(inputs, outputs, 1, strides, 0))

    def forward(self, x):
        return F.relu(self.body(x) + self.shortcut(x))


def resnet20():
    parts = [*unit(3, 16, 3, 1, 1), nn.ReLU()]
    inputs = 16
    for filters in (16, 32, 64):
        for block in range(3):
            parts.append(Residual(inputs, filters, 2 if filters > 16 and block == 0 else 1, False))
            inputs = filters
    return nn.Sequential(*parts, Mean((2, 3)), nn.Linear(64, 10))


def resnet50():
    parts = [*unit(3, 64, 7, 2, 3), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    inputs = 64
    for stage, blocks in enumerate((3, 4, 6, 3)):
        filters = 64 << stage
        for block in range(blocks):
            parts.append(Residual(inputs, filters, 2 if stage > 0 and block == 0 else 1, True))
            inputs = 4 * filters
    return nn.Sequential(*parts, Mean((2, 3)), nn.Linear(2048, 1000))


class Lstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(64, 128, 2, batch_first=True)
        self.dense = nn.Linear(128, 64)

    def forward(self, x):
        return self.dense(self.lstm(x)[0][:, -1])


class Imdb(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(20_000, 128)
        self.lstm = nn.LSTM(128, 64, batch_first=True, bidirectional=True)
        self.dense = nn.Linear(128, 1)

    def forward(self, x):
        out = self.lstm(self.embedding(x))[0]
        return self.dense(torch.cat([out[:, -1, :64], out[:, 0, 64:]], 1))


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.attention = nn.MultiheadAttention(width, 8, batch_first=True)
        self.first = nn.LayerNorm(width, 1e-6)
        self.dense = nn.Sequential(nn.Linear(width, 1024), nn.GELU(), nn.Linear(1024, width))
        self.second = nn.LayerNorm(width, 1e-6)

    def forward(self, x):
        x = self.first(x + self.attention(x, x, x, need_weights=False)[0])
        return self.second(x + self.dense(x))


def transformer():
    return nn.Sequential(*[Block(256) for _ in range(4)], Mean(1), nn.Linear(256, 10))


# batch, steps of an epoch, shape of a sample, tokens (0: real numbers, 1: one-hot), classes
WORKLOADS = {
    "tiny": (tiny, 32, 100, (4,), 0, 3),
    "mlp": (mlp, 128, 200, (784,), 0, 10),
    "cnn": (cnn, 128, 12, (1, 28, 28), 0, 10),
    "resnet20": (resnet20, 64, 12, (3, 32, 32), 0, 10),
    "resnet50": (resnet50, 64, 6, (3, 224, 224), 0, 1000),
    "lstm": (Lstm, 128, 12, (40, 64), 1, 64),
    "imdb": (Imdb, 32, 20, (200,), 20_000, 2),
    "transformer": (transformer, 16, 12, (128, 256), 0, 10),
}


def synchronize():
    if DEVICE == "cuda":
        torch.cuda.synchronize()


def emit(name, unit, values):
    values = sorted(values)
    print(json.dumps({"name": name, "unit": unit, "median": values[len(values) // 2], "min": values[0],
                      "max": values[-1], "precision": PRECISION}), flush=True)


def samples(shape, tokens, count):
    if tokens > 1:
        return torch.randint(0, tokens, (count, *shape))
    if tokens == 1:
        return F.one_hot(torch.randint(0, shape[-1], (count, *shape[:-1])), shape[-1]).float()
    return torch.rand(count, *shape)


class Staging:
    """Gathers rows into page-locked memory, two pieces of it in turn, so that the next batch is gathered while one is copied."""

    def __init__(self, x, batch):
        self.x = x.reshape(len(x), -1)
        self.shape = x.shape[1:]
        self.turn = 0
        pin = DEVICE == "cuda"
        self.pieces = [torch.empty(batch, self.x.shape[1], dtype=x.dtype, pin_memory=pin) for _ in range(2)]
        self.copied = [torch.cuda.Event() if pin else None for _ in range(2)]

    def rows(self, rows):
        self.turn = 1 - self.turn
        piece, copied = self.pieces[self.turn], self.copied[self.turn]
        if copied:
            copied.synchronize()
        torch.index_select(self.x, 0, rows, out=piece)
        there = piece.to(DEVICE, non_blocking=True)
        if copied:
            copied.record()
        return there.reshape(len(rows), *self.shape)


def main():
    if arguments.bench not in WORKLOADS:
        return
    make, batch, steps, shape, tokens, classes = WORKLOADS[arguments.bench]
    image = len(shape) == 3
    layout = {"memory_format": torch.channels_last} if image else {}
    # images lie with their channels last, as ours do
    x = samples((*shape[1:], shape[0]) if image else shape, tokens, batch * steps)
    y = torch.randint(0, classes, (batch * steps,))
    xs, ys = Staging(x, batch), Staging(y, batch)
    model = make().to(DEVICE, **layout)
    optimizer = torch.optim.Adam(model.parameters(), eps=1e-7, fused=DEVICE == "cuda")
    run = torch.compile(model, mode=os.environ.get("PEER_COMPILE", "reduce-overhead") if DEVICE == "cuda" else None) \
        if arguments.backend == "pytorch-compiled" else model

    def autocast():
        return torch.autocast(DEVICE, torch.bfloat16, enabled=PRECISION == "bf16")

    def on_device(a):
        return a.permute(0, 3, 1, 2) if image else a

    def step(rows):
        a, b = on_device(xs.rows(rows)), ys.rows(rows)
        with autocast():
            out = run(a)
            if classes == 2:
                loss = F.binary_cross_entropy_with_logits(out[:, 0].float(), b.float())
                right = ((out[:, 0] > 0) == (b > 0)).sum()
            else:
                loss = F.cross_entropy(out.float(), b)
                right = (out.argmax(1) == b).sum()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss.detach(), right

    def epoch():
        total, hits = torch.zeros((), device=DEVICE), torch.zeros((), device=DEVICE)
        for rows in torch.randperm(batch * steps).split(batch):
            loss, right = step(rows)
            total += loss
            hits += right
        return total.item() + hits.item()

    def repeat(action, seconds, fewest=5):
        times, start = [], time.perf_counter()
        while len(times) < fewest or time.perf_counter() - start < seconds:
            synchronize()
            before = time.perf_counter()
            action()
            synchronize()
            times.append(time.perf_counter() - before)
        return times

    model.train()
    repeat(epoch, arguments.secs / 2, 3)
    emit(arguments.bench + "_fit", "samples/s", [batch * steps / t for t in repeat(epoch, arguments.secs)])
    if arguments.bench in ("transformer", "resnet50"):
        model.eval()
        part = torch.arange(batch)

        def predict():
            with torch.no_grad(), autocast():
                return F.softmax(run(on_device(xs.rows(part))).float(), 1).cpu()

        repeat(predict, arguments.secs * 0.1)
        emit(f"{arguments.bench}_predict_b{batch}", "ms", [t * 1e3 for t in repeat(predict, arguments.secs * 0.2)])


main()
