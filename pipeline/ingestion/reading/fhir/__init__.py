"""FHIR R4 as JSON → a table of texts: a row of each resource that a product declares, with what it points to."""
