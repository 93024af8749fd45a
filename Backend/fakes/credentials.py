"""The keys the fakes accept. Marked, so that a test can look for them where no secret may be."""

from __future__ import annotations

TAVUS_API_KEY = "marked-secret-tavus-0f6d2a"
TAVUS_REPLICA_ID = "r90bbd427f71"
GEMINI_API_KEY = "marked-secret-gemini-77b1c3"
OPENAI_API_KEY = "marked-secret-openai-5ae904"
OPENAI_MODEL = "stand-in-8b"
CLOUDINARY_CLOUD_NAME = "stand-in"
CLOUDINARY_API_KEY = "123456789012345"
CLOUDINARY_API_SECRET = "marked-secret-cloudinary-c2d8f1"
SUPABASE_PUBLISHABLE_KEY = "sb_publishable_stand_in"
SUPABASE_SECRET_KEY = "sb_secret_marked-secret-supabase-91e0aa"
SUPABASE_JWT_SECRET = "marked-secret-supabase-legacy-jwt-4b7d20c9e1f3"

MARKED = tuple(
    value for name, value in sorted(globals().items()) if isinstance(value, str) and "marked-secret" in value
)
