"""studyapp: spaced repetition, quizzes and hands-on labs in the terminal."""

__version__ = "0.1.0"
