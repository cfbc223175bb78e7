"""Named deeds, one file a subject. Each is one transaction with its audit entry."""
