"""A trained network as a folder that the product reads: int8 ONNX, its tokenizer, and a card that holds the hash."""

from __future__ import annotations

import hashlib
import json
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import onnx
import torch
from tokenizers import Tokenizer


def export(
    network: torch.nn.Module,
    words: Tokenizer,
    folder: Path,
    names: Mapping[str, str],
    inputs: Sequence[str],
    output: str,
    card: Mapping[str, Any],
) -> None:
    """Writes the network. `names` are those of the files (`model`, `tokenizer`, `card`), `inputs` those of token numbers, mask and,
    where there is a third, kinds of token; `card` holds `max_tokens`."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    folder.mkdir(parents=True, exist_ok=True)
    network.eval()
    example = torch.ones((2, 8), dtype=torch.int64)
    mask = torch.tensor([[1] * 8, [1] * 5 + [0] * 3])  # a mask of ones alone would be optimised away
    axes = {0: torch.export.Dim("batch", max=4096), 1: torch.export.Dim("words", max=int(card["max_tokens"]))}
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            network,
            (example, mask, torch.zeros_like(example))[: len(inputs)],
            dynamo=True,
            input_names=list(inputs),
            output_names=[output],
            dynamic_shapes=(axes,) * len(inputs),
            verbose=False,
        )
        whole = Path(scratch) / "whole.onnx"
        program.save(str(whole), external_data=False)
        quantize_dynamic(whole, folder / names["model"], weight_type=QuantType.QInt8, per_channel=True)
    without_traces(folder / names["model"])
    words.save(str(folder / names["tokenizer"]), pretty=False)
    digest = hashlib.sha256((folder / names["model"]).read_bytes()).hexdigest()
    text = json.dumps({**card, "sha256": digest}, indent=1)
    (folder / names["card"]).write_text(text + "\n", encoding="utf-8")


def without_traces(path: Path) -> None:
    """Takes out what the exporter notes of where each node came from: it names folders and lines, so no two checkouts would give
    the same file."""
    model = onnx.load(path)
    model.ClearField("metadata_props")
    for kept in (model.graph, *model.graph.node, *model.graph.value_info, *model.graph.input, *model.graph.output):
        kept.ClearField("metadata_props")
        kept.ClearField("doc_string")
    for function in model.functions:
        for node in function.node:
            node.ClearField("metadata_props")
            node.ClearField("doc_string")
    onnx.save(model, path)
