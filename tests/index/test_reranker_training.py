"""What the reranker learns from: a statement that may answer too is no negative; held-back questions never train."""

import json

from index.chunk import Chunk
from training.reranker.groups import for_training, from_beir, from_statements


def chunk(n, text, *questions):
    return Chunk(f"d{n}:findings:0", f"d{n}", "findings", 0, 0, len(text), text, "", questions)


def test_near_statements_are_negatives_but_none_that_may_answer_too(embedder):
    chunks = [
        chunk(0, "ketamine can harm the bladder of people who misuse it", "can ketamine harm my bladder"),
        chunk(1, "ketamine can harm the bladder of people who misuse it often", "does it hurt the waterworks"),
        chunk(2, "ketamine raised the blood pressure of people in the trial", "what of my blood pressure"),
        chunk(3, "ketamine and the bladder were looked at in a trial", "can ketamine harm my bladder ?"),
    ]
    group = from_statements(chunks, embedder)[0]
    assert group.right == chunks[0].text
    assert chunks[2].text in group.wrong  # near, and about something else
    assert chunks[1].text not in group.wrong  # says nearly the same
    assert chunks[3].text not in group.wrong  # is asked for by nearly the same question


def test_held_back_questions_of_a_beir_folder_do_not_train(embedder, tmp_path):
    (tmp_path / "qrels").mkdir()
    documents = [{"_id": f"p{n}", "title": "", "text": f"passage number {n} on subject {n % 7}"} for n in range(60)]
    queries = [{"_id": f"q{n}", "text": f"what is known on subject {n % 7}"} for n in range(40)]
    for name, rows in (("corpus", documents), ("queries", queries)):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    judged = "".join(f"q{n}\tp{n}\t1\n" for n in range(40))
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n" + judged, encoding="utf-8")
    groups = from_beir(tmp_path, embedder)
    assert len(groups) == sum(for_training(f"q{n}") for n in range(40))
    assert 10 < len(groups) < 40
    assert all(group.right not in group.wrong for group in groups)
