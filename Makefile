# Every target calls run.py, which says what it does: python3 run.py --help
PYTHON ?= python3

.PHONY: run setup sentido test check bench sbom audit bundle
run setup sentido test check bench sbom audit bundle:
	@$(PYTHON) run.py $@ $(ARGS)
