"""A knowledge base that means harm: every text and every name in it tries to get out of its place."""

from __future__ import annotations

from pathlib import Path

SCRIPT = "<script>document.title='owned'</script>"
BREAK_OUT = "\\\"'></title></textarea></script><img src=x onerror=document.title='owned'>"
TEMPLATE = "{{ 7 * 7 }} {% raw %} ${7*7} %s {n}"
TURNED = "safe\\u202Etxt.exe\\u202C\\u2066 \\u2069"
CONTROLS = "bell\\u0007 escape\\u001B[31m vertical\\u000B"
LONG = "überlang " * 12_000  # 108,000 characters

CLAIM_IRIS = (
    "https://example.org/kb/h/../../../../../tmp/escaped",
    "https://example.org/kb/h/..%2F..%2Fescaped",
    "https://example.org/kb/../escaped",
    "https://example.org/kb//etc/passwd",
    "https://example.org/kb/h/Claim-A",
    "https://example.org/kb/h/claim-a",
    "https://example.org/kb/h/CLAIM-a",
    "https://example.org/kb/h/index",
    "https://example.org/kb/h/index.2",
    "https://example.org/kb/h/text",
    "https://example.org/kb/h/CON",
    "https://example.org/kb/h/nul.txt",
    "https://example.org/kb/h/.hidden",
    "https://example.org/kb/h/trailing.",
    "https://example.org/kb/h/" + "long" * 500,
    "https://example.org/kb/h/" + "long" * 500 + "er",
    "https://example.org/kb/h/schräg…🦄",
    "https://example.org/kb/h/a?b=c&d=<>".replace("<>", "%3C%3E"),
    "https://example.org/kb/h/x#y",
    "https://elsewhere.example/claims/1",
    "https://example.org/kb/",
    "https://example.org/kb/h/",
    "urn:claim:1",
    "javascript:alert(1)",
    "assets/../../x".join(("https://example.org/kb/", "")),
)

_HEAD = """
@prefix biro: <http://purl.org/spar/biro/> .
@prefix c4o: <http://purl.org/spar/c4o/> .
@prefix cito: <http://purl.org/spar/cito/> .
@prefix code: <https://w3id.org/evidence-kb/codes/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix doco: <http://purl.org/spar/doco/> .
@prefix earl: <http://www.w3.org/ns/earl#> .
@prefix ekb: <https://w3id.org/evidence-kb/ns#> .
@prefix fabio: <http://purl.org/spar/fabio/> .
@prefix h: <https://example.org/kb/h/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix pico: <http://data.cochrane.org/ontologies/pico/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def write_hostile(folder: Path) -> Path:
    """Write the knowledge base into ``folder``."""
    (folder / "h").mkdir(parents=True)
    (folder / "kb.toml").write_text(
        f'[knowledge-base]\nname = "{SCRIPT}"\nbase = "https://example.org/kb/"\nlanguages = ["de", "en"]\n'
    )
    texts = (SCRIPT, BREAK_OUT, TEMPLATE, TURNED, CONTROLS, LONG)
    claims = [
        f"<{iri}> a schema:Claim ; dcterms:isPartOf h:section ; schema:position {number} ;\n"
        f'  schema:text "{texts[number % len(texts)]}"@de , "{texts[(number + 1) % len(texts)]}"@en ;\n'
        f"  ekb:contradicts <{CLAIM_IRIS[number - 1]}> ; schema:appearance h:passage , h:passage-2 ;\n"
        f"  ekb:appeal h:appeal ; schema:about h:pico , h:relation , <urn:topic:{number}> .\n"
        f"h:citation-{number} a cito:Citation ; cito:hasCitingEntity <{iri}> ; cito:hasCitedEntity h:work ;\n"
        f"  cito:hasCitationCharacterization <javascript:alert(1)> ; ekb:mark h:mark .\n"
        f"h:finding-{number} a ekb:EvidenceLine ; ekb:targetClaim <{iri}> ; ekb:basis code:abstract ;\n"
        f"  ekb:direction code:supports ; ekb:reason <urn:{number}> ; ekb:evidenceItem h:item ;\n"
        f'  schema:description "{texts[number % len(texts)]}"@x-martian ; prov:wasAttributedTo h:org .\n'
        for number, iri in enumerate(CLAIM_IRIS)
    ]
    (folder / "h" / "claims.ttl").write_text(_HEAD + "".join(claims) + _REST, encoding="utf-8")
    return folder


_REST = f"""
h:bare a schema:Claim .
h:half a schema:Claim ; schema:text "{SCRIPT}" ; dcterms:isPartOf h:nowhere ; dcterms:type code:no-such-code ;
  ekb:certaintyOfWording <urn:wording> .
h:article a schema:Article ; schema:name "{BREAK_OUT}"@de ; schema:url <javascript:alert(1)> ;
  schema:publisher h:org ; schema:inLanguage "{BREAK_OUT}" ; ekb:disclosure h:disclosure .
<https://example.org/kb/H/article> a schema:Article .
<https://example.org/kb/h/ARTICLE> a schema:Article ; schema:name "{TURNED}" .
h:disclosure a ekb:InterestDisclosure ; schema:description "{SCRIPT}"@en .
h:org a schema:Organization ; schema:name "{SCRIPT}" ; ekb:interest <urn:interest> ; ekb:interestBasis "{BREAK_OUT}" .
h:section a doco:Section ; dcterms:isPartOf h:article ; schema:position "first" ; dcterms:title "{SCRIPT}"@de .
h:section-2 a doco:Section ; dcterms:isPartOf h:article ; dcterms:title "{LONG}"@de .
h:passage a oa:SpecificResource ; oa:hasSource h:article ; oa:hasSelector
  [ a oa:FragmentSelector ; rdf:value "text=%3Cscript%3E,{BREAK_OUT}" ] .
h:passage-2 a oa:SpecificResource ; oa:hasSource h:article ; oa:hasSelector
  [ a oa:FragmentSelector ; rdf:value "javascript:alert(1)" ] .
h:appeal a ekb:EvidenceAppeal ; ekb:cue "{SCRIPT}"@de .
h:mark a c4o:InTextReferencePointer ; c4o:hasContent "{BREAK_OUT}" .
h:pico a pico:PICO ; pico:population <urn:nobody> ; schema:description "{SCRIPT}" .
h:relation a rdf:Statement ; rdf:subject "{SCRIPT}" ; rdf:predicate <urn:does> .
h:item a oa:SpecificResource ; oa:hasSource h:work ; oa:hasSelector [ a oa:TextQuoteSelector ; oa:exact "{LONG}" ] .
h:work a fabio:WebPage ; dcterms:title "{LONG}"@de ; schema:url <javascript:alert(1)> , <data:text/html,hello> ,
  <https://user:secret@klinik.example/a> , <https://klinik.example/kopf…/tee> , <https://ok.example/?a=1&b=%22> ;
  schema:identifier "doi:10.1/\\"><script>" , "pmid:javascript:1" , "{SCRIPT}" , "isbn:978 3" , ":" , "doi:" ;
  dcterms:publisher h:org ; dcterms:type <urn:kind> ; ekb:studyDesign <urn:design> ; dcterms:creator "{SCRIPT}" ;
  prov:hadPrimarySource h:work , <urn:unknown> ; dcterms:issued "{BREAK_OUT}" .
h:entry a biro:BibliographicReference ; dcterms:isPartOf h:article ; schema:position 1 ; biro:references h:work ;
  dcterms:title "{SCRIPT}" ; ekb:printedAddress "javascript:alert(1)" .
h:entry-2 a biro:BibliographicReference ; ekb:printedAddress "HTTPS://klinik.example/ \\u202E" .
h:entry-3 a biro:BibliographicReference ; dcterms:isPartOf h:article ; biro:references <urn:nothing> .
<https://ok.example/?a=1&b=%22> a ekb:WebAddress ; ekb:verdict code:eaten-by-dog ; ekb:statusCode "{BREAK_OUT}" ;
  ekb:lastChecked "yesterday" ; ekb:since "{SCRIPT}" ; schema:archivedAt <javascript:alert(1)> ;
  ekb:finalAddress <javascript:alert(2)> ; ekb:failures "many" .
h:check a earl:Assertion ; earl:subject <https://ok.example/?a=1&b=%22> ;
  earl:result [ ekb:verdict code:eaten-by-dog ; dcterms:date "{SCRIPT}" ] .
"""
