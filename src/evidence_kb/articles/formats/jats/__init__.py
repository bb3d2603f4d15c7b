"""JATS XML, the format of journals and of PubMed Central."""
