"""Parsed columns → what is wrong in which rows, by the product's rules, and which rows can be used."""
