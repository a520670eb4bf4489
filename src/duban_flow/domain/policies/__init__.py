"""Policies 升级规则: rungs as data, the words they compare, what they decide, why."""
