"""The outside world of the channels, so that they are tried without outside services (docs/simulator.md).

It speaks each protocol by HTTP with its own code and knows of the house only what any outsider is told: the
address, the secrets of a line and who works there. `check` alone looks into the database, to compare.
"""
