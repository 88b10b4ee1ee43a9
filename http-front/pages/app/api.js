/* Asking the interface, and what it said last time. */
import { useEffect, useState } from './ui.js';
import { session, useSession } from './session.js';

const MOST_KEPT = 60;

const kept = new Map();			/* by path; the newest last */

/* What the interface refused, or that it could not be reached. */
export class Problem extends Error {
	constructor(document, status) {
		super(document.detail ?? document.title ?? 'The request failed');
		this.status = status;
		this.title = document.title;
		this.detail = document.detail;
		this.reason = document.reason;
		this.hint = document.hint;
		this.kind = document.type?.split(':').pop();
		this.requestId = document.requestId;
		this.faults = document.errors;
	}
}

const UNREACHED = {
	title: 'The service could not be reached',
	detail: 'There was no answer.',
	hint: 'Look whether you are online, and try again.'
};

async function problemOf(response) {
	try {
		return new Problem(await response.json(), response.status);
	} catch (unreadable) {
		return new Problem({ title: `The service answered ${response.status}` }, response.status);
	}
}

/* {data, headers} of one request; throws a Problem. */
export async function ask(method, path, { body, type, headers = {}, signal } = {}) {
	const request = { method, signal, headers: { Accept: 'application/json', ...headers } };
	let response;

	if (body !== undefined) {
		request.body = JSON.stringify(body);
		request.headers['Content-Type'] = type ?? 'application/json';
	}
	if (session.token)
		request.headers.Authorization = `Bearer ${session.token}`;
	try {
		response = await fetch(path, request);
	} catch (failure) {
		if (failure.name === 'AbortError')
			throw failure;
		throw new Problem(UNREACHED, 0);
	}
	if (response.ok)
		return {
			data: response.status === 204 ? null : await response.json(),
			headers: response.headers
		};
	if (response.status === 401)
		session.expired();
	throw await problemOf(response);
}

/* The address of the next page, from the Link header. */
export function nextPage(headers) {
	return /<([^>]+)>; *rel="next"/.exec(headers.get('Link') ?? '')?.[1] ?? null;
}

/* What a write changed must be read again. */
export function forget() {
	kept.clear();
}

async function get(path, signal) {
	const answer = await ask('GET', path, { signal });

	kept.delete(path);
	kept.set(path, answer);
	if (kept.size > MOST_KEPT)
		kept.delete(kept.keys().next().value);
	return answer;
}

/*
 * What is at a path: {answer, error, stale, retry}.  The answer of the path
 * before stays, as "stale", until the new one has come.  A path of null asks
 * for nothing.
 */
export function useGet(path) {
	const [state, setState] = useState(() => ({ path, answer: kept.get(path) }));
	const [tries, setTries] = useState(0);
	const { token } = useSession();

	useEffect(() => {
		if (path === null || session.mustLogIn()) {
			setState({ path });
			return undefined;
		}
		const stop = new AbortController();
		const known = kept.get(path);

		setState((old) => known ? { path, answer: known } :
			{ path, answer: old.answer, from: old.from ?? old.path, waits: true });
		get(path, stop.signal).then(
			(answer) => setState({ path, answer }),
			(error) => {
				if (!stop.signal.aborted)
					setState({ path, answer: known, error });
			});
		return () => stop.abort();
	}, [path, tries, token]);
	return {
		answer: state.answer,
		error: state.error,
		stale: state.waits || state.path !== path,
		retry: () => setTries(tries + 1)
	};
}

/*
 * The pages of a list, one after the other, as far as they are wanted; read()
 * says where the entries are in what a page answers.
 */
export function usePages(first, read = (data) => data) {
	const start = useGet(first);
	const [more, setMore] = useState({ of: null, rows: [], next: null });
	const current = more.of === start.answer ? more : { rows: [], next: undefined };
	const next = start.answer && (current.next === undefined ?
		nextPage(start.answer.headers) : current.next);

	return {
		...start,
		rows: start.answer ? [...read(start.answer.data), ...current.rows] : null,
		more: next ? async () => {
			const answer = await ask('GET', next);

			setMore({
				of: start.answer,
				rows: [...current.rows, ...read(answer.data)],
				next: nextPage(answer.headers)
			});
		} : null
	};
}
