-- Empties the list of clients to redo.
DELETE FROM trading_dirtyclient
