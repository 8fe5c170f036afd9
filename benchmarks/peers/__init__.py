"""The peers' recognisers, each run by the interpreter that has it."""
