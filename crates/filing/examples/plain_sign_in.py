"""The sign-in of the plain client: authorization code with PKCE at ID-porten, headless as TestID is in test.

    python3 plain_sign_in.py ISSUER PID

Prints the ID-porten access token. Not part of what is measured.
"""

import base64
import hashlib
import json
import secrets
import sys
import urllib.error
import urllib.parse
import urllib.request

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


print(sign_in(sys.argv[1], sys.argv[2]))
