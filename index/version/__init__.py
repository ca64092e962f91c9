"""Versions of the index: build, manifest, store."""

from index.version.builder import Source, build
from index.version.manifest import Manifest
from index.version.store import VersionStore

__all__ = ["Manifest", "Source", "VersionStore", "build"]
