"""A chat model that does what its name says, behind an OpenAI-compatible server on loopback: real HTTP, real streaming.

The name is a row of settings: `fake,do=honest,first=0.05,between=0.001`. `do` is what it writes or how it fails, `first` and `between` are
the seconds before the first piece and between pieces, `after` the pieces after which it breaks off or stalls.
"""

from __future__ import annotations

import itertools
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PASSAGE = re.compile(r'<passage id="(?P<id>\w+)">\nFrom: (?P<source>.*)\n(?P<text>.*)\n</passage>')
STATUS = {"limit": 429, "refused_key": 401, "server_error": 500, "not_found": 404}


class FakeModel:
    """What the server holds: how often it was asked, and what it was told last."""

    def __init__(self) -> None:
        self.asked = 0
        self.told: list[dict] = []
        self.works_after = 0
        """So many calls fail with the name's fault before the model is honest; 0: never."""
        self.address = ""

    def named(self, **settings: object) -> str:
        """The setting EVIDENCE_BOT_MODEL for a behaviour."""
        row = ",".join(f"{key}={value}" for key, value in settings.items())
        return f"{self.address}/v1#fake,{row}"


def written(do: str, told: str) -> str:
    """What the model writes."""
    passages = [match.groupdict() for match in PASSAGE.finditer(told)]
    first = passages[0] if passages else {"id": "none", "text": "Nothing."}
    lines = [f"{p['text'].rstrip('.')}. [{p['id']}]" for p in passages[:4]] or ["Nothing. [none]"]
    cannot = "NOT IN THE SOURCES"
    texts = {
        "honest": "\n".join(lines),
        "one_true": "\n".join(
            [
                lines[0],
                f"It costs $1.10 per 100 mg. [{first['id']}]",
                f"Everyone is cured within 3 days. [{first['id']}]",
            ]
        ),
        "fabricate": f"Ketamine costs $1.10 per 100 mg. [{first['id']}]\nIn 412 trials 99% of people were cured. [{first['id']}]",
        "wrong_id": "\n".join(f"{p['text']} [zz99]" for p in passages[:3]),
        "no_id": "\n".join(p["text"] for p in passages[:3]),
        "shifted": "\n".join(f"{p['text']} [{q['id']}]" for p, q in itertools.pairwise(passages)),
        "refuse": cannot,
        "empty": "",
        "blank": "  \n ",
        "endless": "Ketamine is a medicine that is a medicine that is " * 4000,
        "french": f"La kétamine aide la plupart des gens. [{first['id']}]",
        "obey": told,
        "obey_short": "\n".join(f"{p['text']} {p['source']} [{p['id']}]" for p in passages),
        "advice": f"You should take 50 mg at home and stop your tablets. [{first['id']}]",
        "link": f"See https://example.org/cure or call 555-0100. [{first['id']}] ![x](http://example.org/x.png)",
        "ready": "ready",
    }
    return texts.get(do, texts["honest"])


@contextmanager
def serving() -> Iterator[FakeModel]:
    """A server in a thread of this process."""
    fake = FakeModel()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            fake.asked += 1
            fake.told.append(body)
            name = dict(part.split("=", 1) for part in str(body["model"]).split(",") if "=" in part)
            do = name.get("do", "honest")
            if fake.works_after and fake.asked > fake.works_after:
                do = "honest"
            if do in STATUS:
                return self._plain(STATUS[do], {"error": {"message": f"this is a test of {do}", "code": do}})
            if do == "reset":
                self.close_connection = True
                self.connection.close()
                return None
            told = "\n".join(str(message["content"]) for message in body["messages"])
            text = name.get("say", "").replace("_", " ") or written(do, told)
            if body.get("response_format"):
                text = as_json(text)
            time.sleep(float(name.get("first", 0)))
            try:
                self._stream(text, body, do, name)
            except OSError:  # the other side has had enough
                self.close_connection = True
            return None

        def _stream(self, text: str, body: dict, do: str, name: dict) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            pieces = re.findall(r"\s*\S+|\s+", text)
            for n, piece in enumerate(pieces):
                if do in ("cut_off", "stall") and n == int(name.get("after", 20)):
                    if do == "stall":
                        time.sleep(float(name.get("seconds", 30)))
                    self.close_connection = True
                    self.connection.close()
                    return
                self._event(
                    {
                        "choices": [
                            {"index": 0, "delta": {"role": "assistant", "content": piece}, "finish_reason": None}
                        ]
                    },
                    body,
                )
                time.sleep(float(name.get("between", 0)))
            self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}, body)
            if (body.get("stream_options") or {}).get("include_usage") and do != "no_usage":
                usage = {"prompt_tokens": 100, "completion_tokens": len(pieces), "total_tokens": 100 + len(pieces)}
                self._event({"choices": [], "usage": usage}, body)
            self._chunk(b"data: [DONE]\n\n")
            self._chunk(b"")

        def _event(self, part: dict, body: dict) -> None:
            row = {"id": "fake", "object": "chat.completion.chunk", "created": 0, "model": body["model"], **part}
            self._chunk(f"data: {json.dumps(row)}\n\n".encode())

        def _chunk(self, data: bytes) -> None:
            self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
            self.wfile.flush()

        def _plain(self, status: int, row: dict) -> None:
            data = json.dumps(row).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    fake.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def as_json(text: str) -> str:
    """Marked text as the structured format."""
    rows = []
    for line in text.splitlines():
        match = re.fullmatch(r"(.*?)((?:\s*\[\w+\])*)", line)
        rows.append({"text": match[1].strip(), "ids": re.findall(r"\w+", match[2])})
    return json.dumps({"claims": rows})
