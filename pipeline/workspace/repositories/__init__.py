"""What is kept, one file a kind: data sets, series, models, recipes, risks. Records go in and come out, no SQL."""
