"""A second opinion on a message that screening let pass: it can raise the verdict, never lower it, and no reply waits for it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from langchain_core.messages import BaseMessage

from bot.model.call import Caller

log = logging.getLogger(__name__)
SECONDS = 10.0
AT_ONCE = 8
DANGER = "danger"


@dataclass(frozen=True)
class SecondOpinion:
    """Asks a model beside everything else."""

    caller: Caller
    _threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(AT_ONCE, thread_name_prefix="opinion"), init=False
    )

    def ask(self, messages: Sequence[BaseMessage]) -> Future[bool]:
        """Whether the model sees a danger to life, once it has said so."""
        return self._threads.submit(self._danger, messages)

    def _danger(self, messages: Sequence[BaseMessage]) -> bool:
        try:
            said, _ = self.caller.text(messages, SECONDS)
        except Exception as error:  # whatever the provider does, screening has decided
            log.warning("no second opinion: %s", type(error).__name__)
            return False
        return said.strip().lower().startswith(DANGER)
