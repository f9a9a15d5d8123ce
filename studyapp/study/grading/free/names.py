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

_CLAIM_POINT = """
c_soft c_against c_rival c_centred c_false c_false_any c_own c_own_first c_own1 c_own2 c_own3 c_truth c_needed c_place c_ways c_telling
"""
_CLAIM_ANSWER = """
k_explained k_explained_least k_explained_last k_lead k_lead_mean k_lead_last k_contra k_contra_mean k_contra_last k_new k_new_most
k_new_last k_truth_last k_truth_least k_absolute k_absolute_last k_denies k_denies_last k_denied_more k_number_new k_number_known k_soft
k_soft_least k_soft_top k_own k_own_least k_false_any k_turned k_turned_most q_needed q_points q_anti v_true_least v_true_last v_lead
v_lead_last v_true v_asked_least r_known r_turned r_alien r_swapped r_false r_known_least r_known_last r_turned_most r_alien_most
r_alien_last
"""

CLAIM_POINT = tuple(_CLAIM_POINT.split())  # what claims.py finds
CLAIM_ANSWER = tuple(_CLAIM_ANSWER.split())
SHARED = (*_SHARED.split(), *CLAIM_ANSWER)  # of the answer, looked at for each of its points too
POINT = (*_POINT.split(), *CLAIM_POINT, *(f"all_{name}" for name in SHARED))
ANSWER = (*_ANSWER.split(), *CLAIM_ANSWER)
STACKED = tuple(_STACKED.split())  # what the point head found
