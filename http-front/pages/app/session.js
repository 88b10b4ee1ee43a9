/*
 * Who is reading.
 *
 * The token is in memory alone: a page that is loaded again logs in again, which
 * the identity provider lets pass without a question as long as it knows the
 * reader.  What has to outlive the way to the provider and back is in the tab's
 * own storage: the secret of the login under way, and that there was one.
 */
import { useEffect, useState } from './ui.js';

const settings = document.body.dataset;
const PENDING = 'dpmeta.login';			/* also in login-return.js */
const ANSWER = 'dpmeta.login.answer';	/* likewise */
const BEFORE = 'dpmeta.login.before';
const listeners = new Set();

export const session = {
	authentication: settings.auth === 'on',
	token: null,
	name: null,
	roles: [],
	error: null,
	pending: false,

	/* Is there nothing to be had without logging in? */
	mustLogIn() {
		return this.authentication && this.token === null;
	},
	canLogIn() {
		return this.authentication && settings.issuer !== '' && settings.client !== '';
	},
	may(role) {
		return this.roles.includes(role);
	},
	expired() {
		if (this.token === null)
			return;
		this.token = null;
		this.roles = [];
		this.error = 'Your login has ended.';
		tell();
	}
};

function tell() {
	for (const listener of listeners)
		listener();
}

export function useSession() {
	const [, redraw] = useState(0);

	useEffect(() => {
		const listener = () => redraw((count) => count + 1);

		listeners.add(listener);
		return () => listeners.delete(listener);
	}, []);
	return session;
}

/* The library, what the provider says of itself, and who we are to it. */
async function parties() {
	const oauth = await import('./oauth4webapi.js');
	const issuer = new URL(settings.issuer);
	/* The server takes http from a provider on its own machine only. */
	const options = { [oauth.allowInsecureRequests]: issuer.protocol === 'http:' };
	const response = await oauth.discoveryRequest(issuer, options);
	const server = await oauth.processDiscoveryResponse(issuer, response);

	return { oauth, server, options, client: { client_id: settings.client } };
}

const returnAddress = () => `${location.origin}/oauth2-redirect`;

/* Off to the provider.  The page ends here. */
export async function logIn() {
	if (!globalThis.crypto?.subtle) {
		session.error = 'Logging in needs https.';
		tell();
		return;
	}
	try {
		const { oauth, server } = await parties();
		const secret = oauth.generateRandomCodeVerifier();
		const state = oauth.generateRandomState();
		const target = new URL(server.authorization_endpoint);

		sessionStorage.setItem(PENDING, JSON.stringify({
			/* whole, because a path may begin with the name of another host */
			secret, state, back: location.href
		}));
		target.search = new URLSearchParams({
			client_id: settings.client,
			redirect_uri: returnAddress(),
			response_type: 'code',
			scope: settings.scope,
			code_challenge: await oauth.calculatePKCECodeChallenge(secret),
			code_challenge_method: 'S256',
			state
		});
		location.assign(target);
	} catch (failure) {
		session.error = `The identity provider could not be reached: ${failure.message}`;
		tell();
	}
}

export function logOut() {
	sessionStorage.removeItem(BEFORE);
	session.token = null;
	session.name = null;
	session.roles = [];
	session.error = null;
	tell();
}

function take(key) {
	const value = sessionStorage.getItem(key);

	sessionStorage.removeItem(key);
	return value;
}

/* Back from the provider: a token for its code. */
async function finish(pending, answer) {
	const { oauth, server, options, client } = await parties();
	const url = new URL(returnAddress() + answer);
	const parameters = oauth.validateAuthResponse(server, client, url, pending.state);
	const response = await oauth.authorizationCodeGrantRequest(server, client, oauth.None(),
		parameters, returnAddress(), pending.secret, options);
	const result = await oauth.processAuthorizationCodeResponse(server, client, response);

	session.token = result.access_token;
}

async function learnRoles() {
	const headers = { Accept: 'application/json' };

	if (session.token)
		headers.Authorization = `Bearer ${session.token}`;
	const response = await fetch('/v1/caller', { headers });

	if (!response.ok)
		throw new Error(`the service answered ${response.status} to the new token`);
	const caller = await response.json();

	session.name = caller.name ?? null;
	session.roles = caller.roles;
}

/* Before the first page is drawn. */
export async function start() {
	const answer = take(ANSWER);
	const pending = take(PENDING);
	const before = take(BEFORE);

	try {
		if (session.authentication && answer && pending)
			await finish(JSON.parse(pending), answer);
		else if (session.canLogIn() && before && globalThis.crypto?.subtle) {
			/* The reader loaded the page again. */
			session.pending = true;
			await logIn();
			return;
		}
		if (!session.mustLogIn())
			await learnRoles();
		if (session.token)
			sessionStorage.setItem(BEFORE, 'yes');
	} catch (failure) {
		session.token = null;
		session.error = `You could not be logged in: ${failure.message}`;
	}
	tell();
}
