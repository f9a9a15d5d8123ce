"""Other programs' formats, read into ours."""
