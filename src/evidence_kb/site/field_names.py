"""Names that pages use and data do not have: registers, months, CiTO's properties, MeSH types."""

from __future__ import annotations

__all__ = ["DESIGNS", "FUNCTIONS", "MONTHS", "REGISTERS", "REGISTER_NAMES"]

MONTHS = {
    "de": ("Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
#: Where identifiers lead; what stands behind the prefix is put in, percent-encoded.
REGISTERS = {
    "doi": "https://doi.org/{}",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/{}/",
    "pmcid": "https://pmc.ncbi.nlm.nih.gov/articles/{}/",
    "drks": "https://drks.de/search/de/trial/{}",
    "nct": "https://clinicaltrials.gov/study/{}",
    "isrctn": "https://www.isrctn.com/{}",
    "arxiv": "https://arxiv.org/abs/{}",
    "isbn": "https://search.worldcat.org/search?q=bn%3A{}",
}
REGISTER_NAMES = {"doi": "DOI", "pmid": "PubMed", "pmcid": "PMC", "arxiv": "arXiv"}
#: CiTO's most used properties; any other is shown by its name.
FUNCTIONS = {
    "citesAsEvidence": {"de": "als Beleg", "en": "as evidence"},
    "citesAsAuthority": {"de": "als Autorität", "en": "as authority"},
    "citesForInformation": {"de": "zur Information", "en": "for information"},
    "citesAsDataSource": {"de": "als Datenquelle", "en": "as data source"},
    "citesAsRecommendedReading": {"de": "als Leseempfehlung", "en": "as recommended reading"},
    "obtainsSupportFrom": {"de": "als Stütze", "en": "for support"},
    "obtainsBackgroundFrom": {"de": "als Hintergrund", "en": "for background"},
    "critiques": {"de": "kritisch", "en": "critically"},
    "disputes": {"de": "widersprechend", "en": "disputing it"},
}
#: MeSH's publication types that most works are of (https://www.nlm.nih.gov/mesh/pubtypes.html).
DESIGNS = {
    "D000078182": {"de": "systematische Übersicht", "en": "systematic review"},
    "D002363": {"de": "Fallberichte", "en": "case reports"},
    "D016430": {"de": "klinische Studie", "en": "clinical trial"},
    "D016449": {"de": "randomisierte Studie", "en": "randomised trial"},
    "D016454": {"de": "Übersicht", "en": "review"},
    "D017065": {"de": "Praxisleitlinie", "en": "practice guideline"},
    "D017418": {"de": "Metaanalyse", "en": "meta-analysis"},
    "D064888": {"de": "Beobachtungsstudie", "en": "observational study"},
}
