// The certified provider, set up as strictly as ID-porten is: PKCE, one-time refresh tokens, iss in every answer.
// Prints its issuer as one JSON line and runs until its input ends. Its one interaction is a person who always signs in.
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

// Its warnings that this is no production set-up would drown the tests' own words.
console.warn = () => {};

// The public half of the key that the client momsbud-jwt signs with.
const clientKey = JSON.parse(process.env.CLIENT_JWK);

const common = {
  grant_types: ["authorization_code", "refresh_token"],
  response_types: ["code"],
  post_logout_redirect_uris: ["http://127.0.0.1/bye"],
  id_token_signed_response_alg: "RS256",
  require_auth_time: true,
};
// Port 80 stands for any port: a native client's loopback redirects are compared without it (RFC 8252 section 7.3).
const native = { ...common, application_type: "native", redirect_uris: ["http://127.0.0.1/callback"] };

const configuration = {
  clients: [
    { ...native, client_id: "momsbud-native", token_endpoint_auth_method: "none" },
    { ...native, client_id: "momsbud-basic", client_secret: "p:a+s/s%&", token_endpoint_auth_method: "client_secret_basic" },
    {
      ...native,
      client_id: "momsbud-jwt",
      token_endpoint_auth_method: "private_key_jwt",
      token_endpoint_auth_signing_alg: "RS256",
      require_pushed_authorization_requests: true,
      authorization_details_types: ["ansattporten:orgno", "ansattporten:altinn:resource"],
      jwks: { keys: [clientKey] },
    },
  ],
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id, name: "Ingrid Solvang", pid: "14838112345" }) }),
  claims: { openid: ["sub", "pid", "amr"], profile: ["name"] },
  scopes: ["openid", "profile", "offline_access"],
  acrValues: ["idporten-loa-substantial", "idporten-loa-high", "entraid"],
  // As ID-porten does: the id_token carries the claims itself.
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  rotateRefreshToken: true,
  issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed("refresh_token"),
  ttl: { AccessToken: 120, IdToken: 120, RefreshToken: 600, AuthorizationCode: 60, Grant: 7200, Interaction: 600, Session: 7200 },
  cookies: { keys: ["not a secret, only a test's"] },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  features: {
    devInteractions: { enabled: false },
    pushedAuthorizationRequests: { enabled: true },
    revocation: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    // Ansattporten's choice of organisation, echoed: whatever was asked for is granted.
    // The provider wants a resource with it; only the client that uses it has one.
    resourceIndicators: {
      enabled: true,
      defaultResource: (_ctx, client) => (client.clientId === "momsbud-jwt" ? "urn:test:api" : undefined),
      getResourceServerInfo: () => ({ scope: "openid profile" }),
      useGrantedResource: () => true,
    },
    richAuthorizationRequests: {
      enabled: true,
      types: { "ansattporten:orgno": { validate: () => {} }, "ansattporten:altinn:resource": { validate: () => {} } },
      // The organisation that was chosen comes with what was asked for, as at Ansattporten (apis.md section 4.3).
      authorizationDetailsForGrantSource: (ctx) =>
        JSON.parse(ctx.oidc.params.authorization_details).map((detail) => ({
          ...detail,
          authorized_parties: [
            { orgno: { authority: "iso6523-actorid-upis", ID: "0192:312206498" }, name: "Fjell AS", actions: ["read"] },
          ],
        })),
      authorizationDetailsForAccessToken: (_ctx, _token, source) => source.rar,
      authorizationDetailsForIntrospection: (_ctx, token) => token.rar,
    },
  },
};

let provider;
const server = createServer((request, response) => {
  if (request.url.startsWith("/interaction/")) {
    signIn(request, response).catch((error) => {
      process.stderr.write(`${error.stack}\n`);
      response.writeHead(500).end();
    });
  } else {
    provider.callback()(request, response);
  }
});

async function signIn(request, response) {
  const { params, prompt, session, grantId } = await provider.interactionDetails(request, response);
  if (prompt.name === "login") {
    // A work account where one is asked for, as at Ansattporten.
    const work = (params.acr_values ?? "").split(" ").includes("entraid");
    const login = work
      ? { accountId: "pairwise-8", acr: "entraid", amr: ["entraid_pwd", "entraid-mfa"] }
      : { accountId: "pairwise-7", acr: "idporten-loa-high", amr: ["TestID"] };
    return provider.interactionFinished(request, response, { login });
  }
  const grant = grantId ? await provider.Grant.find(grantId) : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  if (prompt.details.missingOIDCScope) grant.addOIDCScope(prompt.details.missingOIDCScope.join(" "));
  if (prompt.details.missingOIDCClaims) grant.addOIDCClaims(prompt.details.missingOIDCClaims);
  if (prompt.details.missingResourceScopes) {
    for (const [resource, scopes] of Object.entries(prompt.details.missingResourceScopes)) grant.addResourceScope(resource, scopes.join(" "));
  }
  for (const detail of prompt.details.rar ?? []) grant.addRar(detail);
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
}

server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  provider = new Provider(issuer, configuration);
  provider.on("server_error", (_ctx, error) => process.stderr.write(`${error.stack}\n`));
  process.stdout.write(`${JSON.stringify({ issuer })}\n`);
});
process.stdin.resume().on("end", () => process.exit(0));
