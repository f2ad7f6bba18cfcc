"""The parts of `run.py bench escala`: a network's rows by the million, commands as they are typed, what each took.

`network` makes the rows, `meter` measures a command with all that it starts, `steps` are the commands, `kept` keeps
what was found so that a run can be taken up in pieces, `speed`, `executors`, `kills` and `peers` are the comparisons.
"""
