"""Use cases of models: training as a job, keeping, choosing, handing out."""
