"""How uploaded tables are read and understood: the reader apart, the fields of columns, each row's plan."""
