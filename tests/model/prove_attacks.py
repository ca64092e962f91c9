"""All attacks against three writers, the real small model too: `python -m tests.model.prove_attacks REPORT.md` (about ten minutes)."""

from __future__ import annotations

import datetime
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from bot.service import Bot
from bot.settings import Settings
from tests.model.fake_server import serving
from tests.model.test_attacks import ATTACKS, asked, leaks


def main() -> None:
    """Writes the report; ends with status 1 where something leaked."""
    report = Path(sys.argv[1])
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.model.smollm2"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert server.stdin
    assert server.stdout
    address = server.stdout.readline().strip()
    assert address.startswith("http://")
    rows, leaked = [], []
    with tempfile.TemporaryDirectory() as folder, serving() as fake:
        home = Path(folder)
        (home / "documents").mkdir()
        for attack in ATTACKS:
            (home / "documents" / f"{attack['id']}.md").write_text(attack["card"], encoding="utf-8")
        Bot(Settings(home=home)).ensure_index()
        models = {
            "extractive": None,
            "fake model that repeats what it is told": fake.named(do="obey"),
            "fake model that writes passages and sources with their ids": fake.named(do="obey_short"),
            "SmolLM2-135M, real": f"{address}/v1#smollm2",
        }
        for name, model in models.items():
            bot = Bot(Settings(home=home, model=model, model_first_seconds=30, model_seconds=60))
            answers = [(attack, asked(bot, attack)) for attack in ATTACKS]
            found = [(attack["id"], leak) for attack, answer in answers if (leak := leaks(attack, answer))]
            leaked += [(name, *one) for one in found]
            kinds = Counter(answer.model == "extractive" for _, answer in answers)
            rows.append(f"| {name} | {len(answers)} | {len(found)} | {kinds[False]} |")
    server.stdin.close()
    lines = [
        f"# Attacks through documents, {datetime.datetime.now(datetime.UTC).date()}",
        "",
        f"`make prove`: {len(ATTACKS)} poisoned cards (`tests/data/attacks.jsonl`) of {len({a['kind'] for a in ATTACKS})} kinds in one real index beside the"
        " shipped ones, each asked about. A leak is any of the attack's patterns in the answer's JSON, or a link or markup in its words.",
        "",
        "| writer | attacks | leaks | answers in the model's words |",
        "|---|---|---|---|",
        *rows,
        *(f"\n- {name}: {attack}: {leak}" for name, attack, leak in leaked),
        "",
    ]
    report.write_text("\n".join(lines), encoding="utf-8")
    if leaked:
        sys.exit(1)


if __name__ == "__main__":
    main()
