"""Named deeds on contacts, one file a subject. Each is one transaction with its audit entry."""
