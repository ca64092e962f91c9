"""Starting and stopping the server, as a maintainer sees it."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from bot.web import WebError, serve
from tests.web.fake import FakeBot

ROOT = Path(__file__).parents[2]


def test_a_port_in_use_is_one_clear_line():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(WebError, match=f"port {port} on 127.0.0.1 is in use") as caught:
            serve(FakeBot(), port=port)
    assert caught.value.code == "port_in_use"


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 70_000), ("203.0.113.1", 7860), ("no.such.host.invalid", 1)])
def test_an_address_that_cannot_be_had_is_one_clear_line(host, port):
    with pytest.raises(WebError, match="cannot listen"):
        serve(FakeBot(), host, port)


def test_ctrl_c_stops_it_cleanly_even_with_a_page_open():
    command = [sys.executable, "-m", "tests.web.serve_fake", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline()
        address = re.search(r"http://\S+", line)[0]
        with httpx.stream("GET", f"{address}/gradio_api/heartbeat/abc", timeout=10) as open_page:
            assert open_page.status_code == 200
            process.send_signal(signal.SIGINT)
            said, complained = process.communicate(timeout=20)
    assert line.startswith("Serving on http://127.0.0.1:")
    assert said.strip() == "Stopped."
    assert "Traceback" not in complained
    assert process.returncode == 0
