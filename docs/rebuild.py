"""Runs a checkpoint of Glossa with NumPy and PyTorch alone: checkpoint.md beside it, as code.

    python3 docs/rebuild.py CHECKPOINT AUDIO.wav [OUT]

CHECKPOINT is a directory such as step-00000100; AUDIO.wav is mono, at the front end's rate (16 kHz), of 16 bits. A file with
another ending holds log-mels: float32, little-endian, frame after frame. A recogniser's text is printed, with score and
confidence. OUT gets the log-probabilities [frames, symbols] of CTC, of another model the encoder's output [frames, width]:
float32, little-endian, row-major. Pieces of words take the package sentencepiece.
"""

import base64
import hashlib
import json
import pathlib
import sys
import wave

import numpy as np
import torch
import torch.nn.functional as F

DTYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}


def safetensors(path):
    """Tensors by name; of one of which the file has a part, where that begins, the whole one's shape, and the part."""
    data = path.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    metadata = header.pop("__metadata__", {})
    tensors, parts = {}, {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        part = torch.frombuffer(bytearray(data[start + begin : start + end]), dtype=DTYPES[entry["dtype"]])
        if "part." + name in metadata:  # as in "from 12 of [4, 6]"
            begins, shape = metadata["part." + name].removeprefix("from ").split(" of ")
            parts[name] = (int(begins), json.loads(shape), part.float())
        else:
            tensors[name] = part.reshape(entry["shape"]).float()
    return tensors, parts


def model(folder):
    """All tensors: of the files of all ranks, as many as the index says, where several wrote them."""
    index = folder / "model.safetensors.index.json"
    files = ["model.safetensors"]
    if index.exists():
        named = next(iter(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()))
        files = [file.name for file in sorted(folder.glob("model-*" + named[named.index("-of-") :]))]
    tensors, parts = {}, {}
    for file in files:
        own, ranges = safetensors(folder / file)
        tensors |= own
        for name, part in ranges.items():
            parts.setdefault(name, []).append(part)
    for name, ranges in parts.items():
        ranges.sort(key=lambda part: part[0])
        tensors[name] = torch.cat([part for _, _, part in ranges]).reshape(ranges[0][1])
    return tensors


def whole(folder, meta):
    """The same, and of adapters what their base has."""
    own = model(folder)
    if "base" in meta:
        base = pathlib.Path(meta["base"]["folder"])
        file = base / "model.safetensors"
        if file.exists():
            found = hashlib.sha256(file.read_bytes()).hexdigest()
            if found != meta["base"]["digest"]:
                sys.exit(f"Cannot use base {base}: found model {found}, expected {meta['base']['digest']}")
        own |= {name: tensor for name, tensor in model(base).items() if name.startswith(("encoder.", "frontend."))}
    return own


def front_end(meta):
    """The settings of the front end: USM's, but for what the checkpoint says."""
    settings = {
        "sample-rate": 16000, "frame-length": 512, "hop": 160, "fft-size": 1024, "mels": float(meta["config"]["mels"]),
        "low-hz": 125, "high-hz": 7600, "pre-emphasis": 0, "floor": 1e-5,
    }  # fmt: skip
    for setting in meta["lineage"].get("glossa.front-end-settings", "").split():
        key, value = setting.split("=")
        settings[key] = float(value)
    return settings


def mel_filters(s):
    """[bins, mels]."""
    mel = lambda hz: 2595 * np.log10(1 + hz / 700)
    edges = 700 * (10 ** (np.linspace(mel(s["low-hz"]), mel(s["high-hz"]), int(s["mels"]) + 2) / 2595) - 1)
    hz = np.arange(int(s["fft-size"]) // 2 + 1)[:, None] * s["sample-rate"] / s["fft-size"]
    rise = (hz - edges[:-2]) / (edges[1:-1] - edges[:-2])
    fall = (edges[2:] - hz) / (edges[2:] - edges[1:-1])
    return np.maximum(0, np.minimum(rise, fall))


def log_mels(path, s):
    """A WAV file's features, [frames, mels]."""
    with wave.open(str(path)) as wav:
        found = wav.getnchannels(), wav.getsampwidth(), wav.getframerate()
        if found != (1, 2, s["sample-rate"]):
            sys.exit(f"Cannot read {path}: found channels, bytes and rate {found}, expected 1, 2 and {s['sample-rate']:.0f}")
        samples = np.frombuffer(wav.readframes(wav.getnframes()), "<i2") / 32768
    length, hop = int(s["frame-length"]), int(s["hop"])
    if len(samples) < length:
        sys.exit(f"Cannot use {path}: found {len(samples)} samples, expected a frame of {length} or more")
    frames = np.lib.stride_tricks.sliding_window_view(samples, length)[::hop]
    if s["pre-emphasis"]:
        frames = frames - s["pre-emphasis"] * np.concatenate([frames[:, :1], frames[:, :-1]], 1)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)
    magnitudes = np.abs(np.fft.rfft(frames * window, int(s["fft-size"])))
    features = np.log(np.maximum(magnitudes @ mel_filters(s), s["floor"]))
    return features.astype(np.float32).astype(np.float16).astype(np.float32)


class Model:
    def __init__(self, folder):
        self.meta = json.loads((folder / "checkpoint.json").read_text(encoding="utf-8"))
        self.tensors = whole(folder, self.meta)
        config = self.meta["config"]
        self.heads, self.layers = int(config["heads"]), int(config["layers"])
        self.speech_layers = int(config.get("speech-layers", "0"))
        before = "chunk:" + config.get("chunk-frames", "0")  # in checkpoints from before there was `attention`
        kind, _, numbers = config.get("attention", before).partition(":")
        frames = [int(number) for number in numbers.split(",") if number]
        self.chunk = frames[0] if kind == "chunk" else 0
        self.near = frames if kind == "local" else None
        self.causal = config.get("convolution") == "causal-chunk"

    def linear(self, name, x):
        return x @ self.tensors[name + ".weight"] + self.tensors[name + ".bias"]

    def norm(self, name, x):
        return F.layer_norm(x, x.shape[-1:], self.tensors[name + ".weight"], self.tensors[name + ".bias"], 1e-5)

    def convolution(self, name, x):
        kernel = self.tensors[name + ".weight"].permute(3, 2, 0, 1)
        return F.relu(F.conv2d(x, kernel, self.tensors[name + ".bias"], stride=2, padding=1))

    def encoder(self, features):
        """Log-mels [T, mels] to [⌈T/4⌉, d]. One utterance without padding, so nothing needs a mask."""
        x = ((features - self.tensors["frontend.mean"]) / self.tensors["frontend.std"])[None, None]
        x = self.convolution("encoder.subsampling.conv1", x)
        x = self.convolution("encoder.subsampling.conv2", x)
        x = self.linear("encoder.subsampling.linear", x[0].permute(1, 2, 0).flatten(1))
        for layer in range(self.speech_layers):
            x = self.block(f"encoder.speech.{layer}.", f"adapters.speech.{layer}.", x)
        for layer in range(self.layers):
            x = self.block(f"encoder.blocks.{layer}.", f"adapters.{layer}.", x)
        return x

    def block(self, at, beside, x):
        x = x + 0.5 * self.feed_forward(at + "ff1.", x) + self.adapter(beside + "ff1.", x)
        x = x + self.attention(at + "attention.", x)
        x = x + self.convolutions(at + "conv.", x)
        x = x + 0.5 * self.feed_forward(at + "ff2.", x) + self.adapter(beside + "ff2.", x)
        return self.norm(at + "norm", x)

    def feed_forward(self, at, x):
        return self.linear(at + "linear2", F.silu(self.linear(at + "linear1", self.norm(at + "norm", x))))

    def adapter(self, at, x):
        if at + "up.weight" not in self.tensors:
            return 0
        return self.linear(at + "up", F.relu(self.linear(at + "down", self.norm(at + "norm", x))))

    def convolutions(self, at, x):
        x = self.norm(at + "norm", x)
        x = self.linear(at + "value", x) * torch.sigmoid(self.linear(at + "gate", x))
        taps = self.tensors[at + "depthwise.weight"]
        side = len(taps) // 2
        if self.causal:
            past = F.pad(x, (0, 0, side, 0))
            parts = [F.pad(past[n : n + self.chunk + side], (0, 0, 0, side)) for n in range(0, len(x), self.chunk)]
        else:
            parts = [F.pad(x, (0, 0, side, side))]
        kernel, bias = taps.T[:, None], self.tensors[at + "depthwise.bias"]
        x = torch.cat([F.conv1d(part.T, kernel, bias, groups=x.shape[1]).T for part in parts])
        return self.linear(at + "output", F.silu(self.norm(at + "depthwise_norm", x)))

    def attention(self, at, x):
        chunks = x.split(self.chunk or len(x))
        return torch.cat([self.attend(at, chunk) for chunk in chunks])

    def attend(self, at, x):
        """Of one chunk [c, d]; every frame sees all of it, or what is near."""
        c, d = x.shape
        x = self.norm(at + "norm", x)
        split = self.split
        query, key, value = (self.linear(at + name, x) for name in ("query", "key", "value"))
        distances = torch.arange(c - 1, -c, -1, dtype=torch.float64)
        table = self.sinusoids(distances, d) @ self.tensors[at + "position.weight"]
        content = split(query + self.tensors[at + "content_bias"]) @ split(key).mT
        by_row = split(query + self.tensors[at + "position_bias"]) @ split(table).mT
        row = torch.arange(c)
        place = (c - 1 - (row[:, None] - row)).expand(self.heads, c, c)
        scores = (content + by_row.gather(2, place)) / (d / self.heads) ** 0.5
        if self.near:
            after = row - row[:, None]
            scores = scores.masked_fill((after < -self.near[0]) | (after > self.near[1]), -torch.inf)
        return self.linear(at + "output", (scores.softmax(-1) @ split(value)).transpose(0, 1).flatten(1))

    def split(self, x):
        """[n, d] to [heads, n, d / heads]."""
        return x.reshape(len(x), self.heads, -1).transpose(0, 1)

    def sinusoids(self, distances, d):
        angles = distances[:, None] * 10000 ** (-2 * torch.arange(d // 2, dtype=torch.float64) / d)
        return torch.cat([angles.sin(), angles.cos()], 1).float()

    def log_probabilities(self, x):
        return self.linear("ctc", x).log_softmax(-1)

    def transducer(self, x):
        """Steps: log-probabilities of the best symbol at each frame after those so far."""
        frames = self.linear("joint.encoder", x)
        symbols, frame, of_frame = [0, 0], 0, 0
        while frame < len(frames):
            last = self.tensors["prediction.embedding"][symbols[-2:]].flatten()
            predicted = F.relu(self.linear("prediction.convolution", last)) @ self.tensors["joint.prediction.weight"]
            yield (step := self.linear("joint.output", torch.tanh(frames[frame] + predicted)).log_softmax(-1))
            if symbol := int(step.argmax()):
                symbols.append(symbol)
                of_frame += 1
            if not symbol or of_frame == 10:
                frame, of_frame = frame + 1, 0

    def decoder(self, x):
        """Steps: log-probabilities of the symbol at each place."""
        symbols = [0]
        for _ in x:
            yield (step := self.place(torch.tensor(symbols), x))
            symbols.append(int(step.argmax()))
            if symbols[-1] == 0:
                return

    def place(self, before, x):
        """Of the place after these symbols."""
        table = self.sinusoids(-torch.arange(max(len(before), len(x)), dtype=torch.float64), x.shape[1])
        x = x + table[: len(x)]
        y = self.tensors["decoder.embedding"][before] + table[: len(before)]
        later = torch.ones(len(y), len(y)).triu(1).bool()
        for layer in range(int(self.meta["config"]["decoder-layers"])):
            at = f"decoder.blocks.{layer}."
            normed = self.norm(at + "self.norm", y)
            y = y + self.see(at + "self.", normed, normed, later)
            y = y + self.see(at + "cross.", self.norm(at + "cross.norm", y), x, torch.zeros(1, 1).bool())
            y = y + self.feed_forward(at + "ff.", y)
        return self.linear("decoder.output", self.norm("decoder.norm", y[-1])).log_softmax(-1)

    def see(self, at, y, seen, hidden):
        query, key, value = (self.linear(at + name, z) for name, z in (("query", y), ("key", seen), ("value", seen)))
        scores = self.split(query) @ self.split(key).mT / (y.shape[1] / self.heads) ** 0.5
        weights = scores.masked_fill(hidden, -torch.inf).softmax(-1)
        return self.linear(at + "output", (weights @ self.split(value)).transpose(0, 1).flatten(1))

    def greedy(self, x):
        """Text, score and confidence."""
        kind = self.meta["kind"]
        steps = {"ctc": self.log_probabilities, "rnnt": self.transducer, "las": self.decoder}[kind](x)
        best, path = torch.stack(list(steps)).max(-1)
        named = best[path != 0]
        confidence = named.double().mean().exp().item() if len(named) else 0.0
        symbols = path.unique_consecutive() if kind == "ctc" else path
        text = self.text([int(symbol) - 1 for symbol in symbols if symbol != 0])
        return text, best.double().sum().item(), confidence

    def text(self, ids):
        config = self.meta["config"]
        if "sentencepiece" in config:
            import sentencepiece

            return sentencepiece.SentencePieceProcessor(model_proto=base64.b64decode(config["sentencepiece"])).decode(ids)
        symbols = config["symbols"]
        table = symbols.split("\n") if "\n" in symbols else symbols
        return "".join(table[each] for each in ids)


def main(folder, source, out=None):
    model = Model(pathlib.Path(folder))
    settings = front_end(model.meta)
    if source.lower().endswith(".wav"):
        features = log_mels(source, settings)
    else:
        features = np.fromfile(source, "<f4").reshape(-1, int(settings["mels"]))
    with torch.no_grad():
        result = model.encoder(torch.from_numpy(features))
        if model.meta["kind"] == "bestrq":
            print(f"encoder output: {result.shape[0]} frames of {result.shape[1]}")
        else:
            print("text: %s\nscore: %.6f\nconfidence: %.6f" % model.greedy(result))
        if model.meta["kind"] == "ctc":
            result = model.log_probabilities(result)
    if out:
        result.numpy().astype("<f4").tofile(out)


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    sys.stdout.reconfigure(encoding="utf-8")
    main(*sys.argv[1:])
