"""Deeds on the value model, each one transaction with its audit entry."""
