"""A client of its own kind: files a VAT return with nothing but Python's standard library.

Written from the public documentation's sequence (Skatteetaten's api-dokumentasjon for mva-melding innsending,
Digdir's for ID-porten, Altinn's for the token exchange), and knowing nothing of the practice authorities but
where they are. That it works shows that a client written against the documentation can file against them
unchanged but for the host names. The headless sign-in is TestID's, as in ID-porten's test environment.

    python3 plain_client.py '{"id_porten": "http://…", …}' PID ORGANISATION_NUMBER RETURN.xml [loose]

With `loose` it writes as loosely as published clients do, and as the real service takes it: addresses that end in a
slash, other letters small and large in them, and a body with single quotes and the number as a number.

Prints one JSON object about what came back, and exits with 1 and a sentence when a step fails.
"""

import base64
import hashlib
import json
import secrets
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ElementTree

SCOPES = "openid skatteetaten:mvameldingvalidering altinn:instances.read altinn:instances.write"
REDIRECT = "http://127.0.0.1:35432/callback"
CLIENT = "momsbud-practice"


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


OPENER = urllib.request.build_opener(NoRedirect, urllib.request.ProxyHandler({}))


def call(method, url, body=None, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, data=body, method=method, headers=named)
    try:
        with OPENER.open(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers, answer.read()


def expect(step, wanted, answer):
    status, headers, body = answer
    if status != wanted:
        sys.exit(f"{step}: {status}, expected {wanted}: {body[:500]!r}")
    return headers, body


def sign_in(issuer, pid):
    _, body = expect("discovery", 200, call("GET", issuer + "/.well-known/openid-configuration"))
    metadata = json.loads(body)
    verifier = base64.urlsafe_b64encode(secrets.token_bytes(48)).rstrip(b"=").decode()
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    state = secrets.token_urlsafe(16)
    query = urllib.parse.urlencode({
        "response_type": "code", "client_id": CLIENT, "redirect_uri": REDIRECT, "scope": SCOPES, "state": state,
        "nonce": secrets.token_urlsafe(16), "code_challenge": challenge, "code_challenge_method": "S256",
        "acr_values": "idporten-loa-high", "ui_locales": "nb", "login_hint": f"testid:{pid}_idporten-loa-high",
    })
    status, headers, body = call("GET", metadata["authorization_endpoint"] + "?" + query)
    if status not in (302, 303):
        sys.exit(f"authorize: {status}: {body[:500]!r}")
    back = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(headers["Location"]).query))
    if back.get("state") != state or back.get("iss") != metadata["issuer"]:
        sys.exit(f"authorize: wrong state or iss: {sorted(back)}")
    form = urllib.parse.urlencode({
        "grant_type": "authorization_code", "code": back["code"], "redirect_uri": REDIRECT,
        "code_verifier": verifier, "client_id": CLIENT,
    }).encode()
    answer = call("POST", metadata["token_endpoint"], form, Content_Type="application/x-www-form-urlencoded")
    _, body = expect("token", 200, answer)
    return json.loads(body)["access_token"]


def envelope(ret, org):
    """The envelope of BC's and the documentation's examples: no namespace, one attachment."""
    namespace = {"m": "no:skatteetaten:fastsetting:avgift:mva:skattemeldingformerverdiavgift:v1.0"}
    root = ElementTree.fromstring(ret)
    period = root.find(".//m:skattleggingsperiode/m:periode", namespace)[0]
    element = period.tag.split("}")[1]
    year = root.find(".//m:skattleggingsperiode/m:aar", namespace).text
    category = root.find("m:meldingskategori", namespace).text
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<mvaMeldingInnsending><norskIdentifikator><organisasjonsnummer>{org}</organisasjonsnummer></norskIdentifikator>
<skattleggingsperiode><periode><{element}>{period.text}</{element}></periode><aar>{year}</aar></skattleggingsperiode>
<meldingskategori>{category}</meldingskategori><innsendingstype>komplett</innsendingstype>
<instansstatus>default</instansstatus><opprettetAv>En Bruker</opprettetAv><opprettingstidspunkt>{now}</opprettingstidspunkt>
<vedlegg><vedleggstype>mva-melding</vedleggstype><kildegruppe>sluttbrukersystem</kildegruppe>
<opprettetAv>En Bruker</opprettetAv><opprettingstidspunkt>{now}</opprettingstidspunkt>
<vedleggsfil><filnavn>melding_xml</filnavn><filekstensjon>xml</filekstensjon><filinnhold>-</filinnhold></vedleggsfil>
</vedlegg></mvaMeldingInnsending>""".encode()


def main():
    hosts, pid, org, path = json.loads(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
    loose = sys.argv[5:] == ["loose"]
    end = "/" if loose else ""
    with open(path, "rb") as file:
        ret = file.read()
    id_porten_token = sign_in(hosts["id_porten"], pid)

    _, result = expect("validate", 200, call(
        "POST", hosts["skatteetaten"] + "/api/mva/grensesnittstoette/mva-melding/valider", ret,
        Authorization="Bearer " + id_porten_token, Content_Type="application/xml"))
    verdict = ElementTree.fromstring(result).findtext("{*}avvikVedMeldingslevering")

    _, token = expect("exchange", 200, call(
        "GET", hosts["altinn_platform"] + "/authentication/api/v1/exchange/id-porten" + end,
        Authorization="Bearer " + id_porten_token))
    bearer = "Bearer " + token.decode().strip().strip('"')

    owner = json.dumps({"instanceOwner": {"organisationNumber": org}}).encode()
    if loose:
        owner = f"{{'InstanceOwner': {{'organisationnumber': {org}}}}}".encode()
    _, body = expect("instance", 201, call(
        "POST", hosts["altinn_app"] + ("/Instances/" if loose else "/instances"), owner, Authorization=bearer, Content_Type="application/json"))
    instance = json.loads(body)
    url = hosts["altinn_app"] + "/instances/" + instance["id"]
    prefix = "no.skatteetaten.fastsetting.avgift.mva.mvameldinginnsending."
    form = next(element for element in instance["data"] if element["dataType"].startswith(prefix))
    expect("envelope", 201, call(
        "PUT", url + "/data/" + form["id"] + end, envelope(ret, org), Authorization=bearer, Content_Type="application/xml"))
    expect("return", 201, call(
        "POST", url + ("/Data/?dataType=mvamelding" if loose else "/data?datatype=mvamelding"), ret, Authorization=bearer, Content_Type="text/xml",
        Content_Disposition="attachment; filename=mvaMelding.xml"))
    for step in ("utfylling", "bekreftelse"):
        expect(step, 200, call("PUT", url + ("/Process/Next/" if loose else "/process/next"), b"", Authorization=bearer, Content_Type="application/json"))

    for _ in range(200):
        _, body = expect("instance", 200, call("GET", url + end, Authorization=bearer))
        instance = json.loads(body)
        finished = instance["process"].get("currentTask") is None
        if finished and any(element["dataType"] == "kvittering" for element in instance["data"]):
            break
        time.sleep(0.1)
    else:
        sys.exit("feedback: it did not come")
    files = {}
    for element in instance["data"]:
        if element["dataType"] in ("betalingsinformasjon", "valideringsresultat", "kvittering"):
            _, body = expect(element["dataType"], 200, call("GET", element["selfLinks"]["apps"], Authorization=bearer))
            files[element["dataType"]] = body
    payment = ElementTree.fromstring(files["betalingsinformasjon"])
    print(json.dumps({
        "validation": verdict,
        "status": instance["status"]["substatus"]["label"],
        "result": ElementTree.fromstring(files["valideringsresultat"]).findtext("{*}avvikVedMeldingslevering"),
        "reference": payment.findtext("{*}innsendingsreferanse"),
        "amount": payment.findtext("{*}beloep"),
        "kid": payment.findtext("{*}kundeidentifikasjonsnummer"),
        "account": payment.findtext("{*}betalesTilKonto/{*}norskKontonummer"),
        "due": payment.findtext("{*}betalingsfrist"),
        "receipt_is_pdf": files["kvittering"].startswith(b"%PDF-"),
        "instance": instance["id"],
    }))


if __name__ == "__main__":
    main()
