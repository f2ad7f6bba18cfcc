"""A model → one .zip file, and back: nothing in it is run, and a child process reads it first."""
