"""A report's figures in words and pictures: facts that texts name, drafts, charts, tables."""
