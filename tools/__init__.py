"""Checks that no linter makes; run by the Makefile, never shipped."""
