"""The clients of the scenario, one function per rule or doubt; each names the rule in the client's label."""
