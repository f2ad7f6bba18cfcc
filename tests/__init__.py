"""The tests mirror the packages; tests/browser walks the app, tests/benchmarks measures."""
