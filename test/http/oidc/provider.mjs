// An OpenID Connect provider on loopback: what Entra ID is to a real dpmeta.
//
//   node provider.mjs OPTIONS.json
//
// OPTIONS.json: {"audience", "jwks": {"keys": [private JWKs]}, "redirectUris"}.
// Says {"issuer": "http://127.0.0.1:PORT"} in one line once it serves.
//
// Scripts get tokens by client credentials, as one of CLIENTS; people log in
// with one of their names as user name (authorization code with PKCE, client
// "docs").  Either way the name says which roles the token carries.
//
// PUT /test/keys {"keys": [...]} rotates the keys; the first one signs.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const ROLES = {
  reader: [],
  producer: ['Data Producer'],
  producer2: ['Data Producer'],
  steward: ['Data Steward'],
};
const SCOPES = 'dpmeta.read dpmeta.write';

const options = JSON.parse(readFileSync(process.argv[2], 'utf8'));

const scripts = Object.keys(ROLES).map((name) => ({
  client_id: name,
  client_secret: `${name}-secret`,
  grant_types: ['client_credentials'],
  redirect_uris: [],
  response_types: [],
}));

const docs = {
  client_id: 'docs',
  token_endpoint_auth_method: 'none',
  grant_types: ['authorization_code'],
  response_types: ['code'],
  redirect_uris: options.redirectUris ?? ['http://127.0.0.1:1/oauth2-redirect'],
};

const resourceServer = (jwk) => ({
  audience: options.audience,
  scope: SCOPES,
  accessTokenFormat: 'jwt',
  accessTokenTTL: 600,
  jwt: { sign: { alg: jwk.kty === 'EC' ? 'ES256' : 'RS256', kid: jwk.kid } },
});

// Whoever logged in has consented.
async function grantAll(ctx) {
  const { session, client, provider } = ctx.oidc;
  const grant = new provider.Grant({
    clientId: client.clientId,
    accountId: session.accountId,
  });
  grant.addOIDCScope('openid profile');
  grant.addResourceScope(options.audience, SCOPES);
  await grant.save();
  return grant;
}

function makeProvider(issuer, jwks) {
  const provider = new Provider(issuer, {
    jwks,
    clients: [...scripts, docs],
    clientBasedCORS: () => true,
    cookies: { keys: ['only for tests'] },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => options.audience,
        useGrantedResource: () => true,
        getResourceServerInfo: () => resourceServer(jwks.keys[0]),
      },
    },
    pkce: { required: (ctx, client) => client.clientId === 'docs' },
    interactions: { url: (ctx, interaction) => `/login/${interaction.uid}` },
    loadExistingGrant: grantAll,
    findAccount: (ctx, id) => (ROLES[id]
      ? { accountId: id, claims: () => ({ sub: id }) }
      : undefined),
    extraTokenClaims: (ctx, token) => ({
      roles: ROLES[token.accountId ?? token.clientId] ?? [],
    }),
  });
  provider.on('server_error', (ctx, error) => console.error(error));
  return provider;
}

const LOGIN_PAGE = `<!DOCTYPE html>
<title>Sign in</title>
<form method="post">
  <label>User <input name="login" autofocus></label>
  <button type="submit">Sign in</button>
</form>
`;

async function readBody(request) {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}

async function login(provider, request, response) {
  if (request.method !== 'POST') {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(LOGIN_PAGE);
    return;
  }
  const accountId = new URLSearchParams(await readBody(request)).get('login');
  await provider.interactionFinished(request, response, { login: { accountId } });
}

let provider;
let issuer;

async function handle(request, response) {
  if (request.url.startsWith('/login/')) {
    await login(provider, request, response);
  } else if (request.url === '/test/keys' && request.method === 'PUT') {
    provider = makeProvider(issuer, JSON.parse(await readBody(request)));
    response.end();
  } else {
    await provider.callback()(request, response);
  }
}

const server = createServer((request, response) => {
  handle(request, response).catch((error) => {
    console.error(error);
    response.statusCode = 500;
    response.end();
  });
});

server.listen(options.port ?? 0, '127.0.0.1', () => {
  issuer = `http://127.0.0.1:${server.address().port}`;
  provider = makeProvider(issuer, options.jwks);
  console.log(JSON.stringify({ issuer }));
});
