"""The grader of free text: which key points an answer says and where, a suspected error, a verdict. Offline, without a model.

Import it only where an answer is graded: it loads its word tables on the first one.
"""

from studyapp.study.grading.free.contract import FoundPoint, Graded, KeyPoint, Question, Suspicion
from studyapp.study.grading.free.grade import grade
from studyapp.study.grading.free.verdict import verdict

__all__ = ["FoundPoint", "Graded", "KeyPoint", "Question", "Suspicion", "grade", "verdict"]
