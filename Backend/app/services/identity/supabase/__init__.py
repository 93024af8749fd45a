"""Supabase Auth: their tokens checked here, their sign-in called from here."""
