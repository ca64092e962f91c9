"""The chat model that a setting names, through LangChain's `init_chat_model`."""

from __future__ import annotations

import re
from typing import Any

from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel
from pydantic import SecretStr

from bot.errors import BotError

#: Providers that one of our extras installs.
EXTRAS = ("openai", "anthropic", "ollama")
ADDRESS = re.compile(r"(?P<address>https?://[^\s#]+)(?:#(?P<name>\S+))?")
NAMED = re.compile(r"(?P<provider>\w+):(?P<name>\S+)")
#: Servers that hold one model take any name.
ANY_NAME = "default"


def name_of(setting: str) -> str:
    """What a model is called in answers: its provider and name, and no address."""
    address = ADDRESS.fullmatch(setting)
    return f"openai-compatible:{address['name'] or ANY_NAME}" if address else setting


def load_model(setting: str, key: SecretStr | None, seconds: float, most_tokens: int) -> BaseChatModel:
    """The model of `provider:name`, or of an OpenAI-compatible base URL such as `http://127.0.0.1:8080/v1#name`.

    Nothing is called yet. `seconds` bounds one request, `most_tokens` its answer. Raises BotError where the setting cannot be
    read, or where the provider's package or key is missing.
    """
    options: dict[str, Any] = {"timeout": seconds, "max_retries": 0, "max_tokens": most_tokens, "temperature": 0}
    if address := ADDRESS.fullmatch(setting):
        provider, name = "openai", address["name"] or ANY_NAME
        options |= {"base_url": address["address"], "api_key": key or SecretStr("none")}
    elif named := NAMED.fullmatch(setting):
        provider, name = named["provider"], named["name"]
        options |= {"api_key": key} if key else {}
    else:
        raise BotError(
            "model",
            f"EVIDENCE_BOT_MODEL={setting!r:.80} is neither provider:name (openai:…, anthropic:…, ollama:…) nor a base URL (http://…/v1)",
        )
    if provider == "openai":
        options["stream_usage"] = True
    if provider == "ollama":
        options = {"num_predict": most_tokens, "temperature": 0, "client_kwargs": {"timeout": seconds}}
    try:
        model: BaseChatModel = init_chat_model(name, model_provider=provider, **options)
    except ImportError as error:
        raise BotError(
            "model", f"{setting}: the package of {provider} is missing; {_install(provider, error)}"
        ) from error
    except Exception as error:  # each provider raises its own: a wrong name, a missing key
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise BotError(
            "model", f"{setting}: cannot be used: {first[:200]} (EVIDENCE_BOT_MODEL_KEY sets a key)"
        ) from error
    return model


def _install(provider: str, error: ImportError) -> str:
    if provider in EXTRAS:
        return f"install it with: pip install 'evidence-bot[{provider}]'"
    package = re.search(r"langchain[-_]\w+", str(error))
    return f"install it with: pip install {package[0].replace('_', '-') if package else 'its LangChain package'}"
