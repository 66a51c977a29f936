"""A plain client for `cargo xtask bench filing`: one return, one call after another, one connection a call.

Written from the public documentation's sequence (Skatteetaten's api-dokumentasjon for mva-melding: validering and
innsending; Altinn's for the token exchange) with nothing but Python's standard library, as a first client usually is.

    python3 plain_client.py '{"altinn_app": "http://...", ...}' ID_PORTEN_TOKEN ORGANISATION_NUMBER RETURN.xml

Prints one JSON object: the seconds from the validation to the last file, and how many calls that took. The sign-in is
not timed; the token is handed over.
"""

import json
import sys
import time
import urllib.error
import urllib.request
import xml.etree.ElementTree as ElementTree

calls = 0
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def call(method, url, wanted, body=None, **headers):
    global calls
    calls += 1
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, data=body, method=method, headers=named)
    try:
        # urllib sends "Connection: close": one connection a call.
        with OPENER.open(request, timeout=60) as answer:
            status, content = answer.status, answer.read()
    except urllib.error.HTTPError as answer:
        status, content = answer.code, answer.read()
    if status not in wanted:
        sys.exit(f"{method} {url}: {status}: {content[:300]!r}")
    return content


def envelope(ret, org):
    namespace = {"m": "no:skatteetaten:fastsetting:avgift:mva:skattemeldingformerverdiavgift:v1.0"}
    root = ElementTree.fromstring(ret)
    period = root.find(".//m:skattleggingsperiode/m:periode", namespace)[0]
    element = period.tag.split("}")[1]
    year = root.find(".//m:skattleggingsperiode/m:aar", namespace).text
    category = root.find("m:meldingskategori", namespace).text
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<mvaMeldingInnsending><norskIdentifikator><organisasjonsnummer>{org}</organisasjonsnummer></norskIdentifikator>
<skattleggingsperiode><periode><{element}>{period.text}</{element}></periode><aar>{year}</aar></skattleggingsperiode>
<meldingskategori>{category}</meldingskategori><innsendingstype>komplett</innsendingstype>
<instansstatus>default</instansstatus><opprettetAv>En Bruker</opprettetAv><opprettingstidspunkt>{now}</opprettingstidspunkt>
<vedlegg><vedleggstype>mva-melding</vedleggstype><kildegruppe>sluttbrukersystem</kildegruppe>
<opprettetAv>En Bruker</opprettetAv><opprettingstidspunkt>{now}</opprettingstidspunkt>
<vedleggsfil><filnavn>melding_xml</filnavn><filekstensjon>xml</filekstensjon><filinnhold>-</filinnhold></vedleggsfil>
</vedlegg></mvaMeldingInnsending>""".encode()


def main():
    hosts, id_porten_token, org, path = json.loads(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
    with open(path, "rb") as file:
        ret = file.read()
    began = time.perf_counter()
    call("POST", hosts["skatteetaten"] + "/api/mva/grensesnittstoette/mva-melding/valider", (200,), ret,
         Authorization="Bearer " + id_porten_token, Content_Type="application/xml")
    token = call("GET", hosts["altinn_platform"] + "/authentication/api/v1/exchange/id-porten", (200,),
                 Authorization="Bearer " + id_porten_token)
    bearer = "Bearer " + token.decode().strip().strip('"')
    owner = json.dumps({"instanceOwner": {"organisationNumber": org}}).encode()
    instance = json.loads(call("POST", hosts["altinn_app"] + "/instances", (201,), owner,
                               Authorization=bearer, Content_Type="application/json"))
    url = hosts["altinn_app"] + "/instances/" + instance["id"]
    prefix = "no.skatteetaten.fastsetting.avgift.mva.mvameldinginnsending."
    form = next(element for element in instance["data"] if element["dataType"].startswith(prefix))
    call("PUT", url + "/data/" + form["id"], (200, 201), envelope(ret, org),
         Authorization=bearer, Content_Type="application/xml")
    call("POST", url + "/data?datatype=mvamelding", (201,), ret, Authorization=bearer, Content_Type="text/xml",
         Content_Disposition="attachment; filename=mvaMelding.xml")
    for _ in ("utfylling", "bekreftelse"):
        call("PUT", url + "/process/next", (200,), b"", Authorization=bearer, Content_Type="application/json")
    # As documented: ask for the status of the feedback, and when it is there read the instance.
    while not json.loads(call("GET", url + "/feedback/status", (200,), Authorization=bearer))["isFeedbackProvided"]:
        time.sleep(1)
    instance = json.loads(call("GET", url, (200,), Authorization=bearer))
    for element in instance["data"]:
        if element["dataType"] in ("betalingsinformasjon", "valideringsresultat", "kvittering"):
            call("GET", element["selfLinks"]["apps"], (200,), Authorization=bearer)
    print(json.dumps({"seconds": time.perf_counter() - began, "calls": calls}))


main()
