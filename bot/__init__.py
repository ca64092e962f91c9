"""Answers a message: screen -> approved -> understand -> retrieve -> withdraw -> write -> verify -> record."""
