"""Looking after a workspace as a whole: sealed copies of it, taking one back, examining it and putting it in order."""
