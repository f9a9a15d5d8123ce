"""The names of the features, in the order in which the heads take them."""

from __future__ import annotations

_SHARED = """
mean least against reference list own astray known_pairs false_pairs anti_suspect anti_margin negated order_mean support_mean
support_least false_support false_lead turned_mean turned_reference
"""
_POINT = """
best against exact main second whole whole_mean whole_exact whole_against key1 key2 fresh asked pool pool_share foreign order list
vector vector_main reference turned bound flow unflow precision size rival margin false false_margin false_telling others
vector_margin
"""
_ANSWER = """
mean least against reference reference_against list own astray known_pairs false_pairs anti anti_suspect anti_telling anti_vector
anti_margin anti_denied negated order order_mean vector_mean support_mean support_least support_low false_support false_lead
turned turned_mean bound_mean turned_reference bound_reference flow unflow
"""
_STACKED = """
p_needed p_needed_log p_mean p_second p_top p_all p_none
"""

SHARED = tuple(_SHARED.split())  # of the answer, looked at for each of its points too
POINT = (*_POINT.split(), *(f"all_{name}" for name in SHARED))
ANSWER = tuple(_ANSWER.split())
STACKED = tuple(_STACKED.split())  # what the point head found
