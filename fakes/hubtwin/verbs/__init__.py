"""Verbs: what people, programs and administrators do to a portal, each said in one word.

The same definitions serve scenario files, `POST /_twin/do`, `hubtwin do` and `portal.do`.
"""

from hubtwin.verbs.doing import Done, WrongVerb, do

__all__ = ["Done", "WrongVerb", "do"]
