"""Serve the page around the fake bot: `python -m tests.web.serve_fake 7861`, to look at it without an index."""

import sys

from bot.web import serve
from tests.web.fake import FakeBot

if __name__ == "__main__":
    serve(FakeBot(delay=0.4), port=int(sys.argv[1]) if len(sys.argv) > 1 else 7861)
