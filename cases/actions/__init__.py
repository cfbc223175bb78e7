"""Deeds on cases, each one transaction with its audit entry."""
