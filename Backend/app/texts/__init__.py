"""Every sentence we make out of data, in one file per language; `text` renders a `Message` in the reader's."""

from app.texts.catalogue import ENGLISH, Catalogue, speaking, text

__all__ = ["ENGLISH", "Catalogue", "speaking", "text"]
