"""`python -m studyapp` is the same as the `studyapp` command."""

from studyapp.cli import main

if __name__ == "__main__":
    main()
