"""Modules that take the place of packages that a browser has not: the page finds them under the packages' names."""
