"""Use cases without a workspace, for the command line and notebooks: files in, files and models out."""
