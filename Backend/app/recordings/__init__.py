"""Recordings: pieces in, one seekable video out."""
