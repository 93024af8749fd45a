"""Small strict servers that speak the vendors' wire formats, for tests and for `make run-vendors`."""
