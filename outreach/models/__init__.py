"""Tables of outreach: tasks and their plans; one file a subject."""
