"""Keeps turns for staff. Nothing is kept yet: the recorder is a process of its own, and comes with part 6 (staff)."""
