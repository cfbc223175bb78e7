"""What outreach adds to the house."""

from core.registry import Module

MODULE = Module(name="outreach")
