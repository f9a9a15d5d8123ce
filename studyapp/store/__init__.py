"""The learner's database: the only SQL in the house.

The append-only event log (`log`) is the truth; every other table of learning data is derived from it by one reducer (`fold`, `apply`)
and can be rebuilt (`replay`). Content tables are a cache of the course files. `pending` is local state that nobody would miss.
"""
