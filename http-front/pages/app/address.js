/*
 * Where a page is: addresses, dp: IDs, and going from one to another.
 *
 * A resource has the same page at its readable address and at its address in
 * the interface, with /v1 before it.
 */
import { useEffect, useState } from './ui.js';

const listeners = new Set();

/* "dp:orders:v1.0:lines" in its parts. */
export function parseId(id) {
	const [scheme, name, ...rest] = id.split(':');
	const version = rest[0] && /^v[0-9]/.test(rest[0]) ? rest.shift() : null;

	return { scheme, name, version, table: rest[0] ?? null };
}

export function makeId(name, version, table) {
	return ['dp', name, version, table].filter(Boolean).join(':');
}

function encodeId(id) {
	return encodeURIComponent(id).replaceAll('%3A', ':');
}

export const productPath = (id) => `/data-products/${encodeId(id)}`;
export const tablePath = (id) => `/schemas/${encodeId(id)}`;
export const changesPath = (id, from) =>
	`${productPath(id)}/changes?from=${encodeURIComponent(from)}`;

/* The catalogue with these filters; what is empty is left out. */
export function cataloguePath(filters = {}) {
	const query = new URLSearchParams();

	for (const [name, value] of Object.entries(filters))
		if (value)
			query.set(name, value);
	return query.size ? `/?${query}` : '/';
}

/* Who types an ID may leave out what it begins with. */
function wholeId(segment) {
	let id = segment;

	try {
		id = decodeURIComponent(segment);
	} catch (malformed) {
		/* The server will say what is wrong with it. */
	}
	return id.startsWith('dp:') ? id : `dp:${id}`;
}

/* Which page an address is, and of what. */
export function place(url) {
	const path = url.pathname.replace(/^\/v1(?=\/)/, '').replace(/\/+$/, '');
	const [, folder, segment, part, more] = path.split('/');
	const query = url.searchParams;

	if (path === '')
		return { page: 'catalogue', query };
	if (path === '/dashboard')
		return { page: 'dashboard', query };
	if (folder === 'data-products' && segment && more === undefined) {
		const id = wholeId(segment);

		if (part === undefined || part === 'versions')
			return { page: 'product', id, part, query };
		if (part === 'changes')
			return { page: 'changes', id, query };
	}
	if (folder === 'schemas' && segment && part === undefined)
		return { page: 'table', id: wholeId(segment), query };
	return { page: 'nothing', query };
}

function tell() {
	for (const listener of listeners)
		listener(new URL(location.href));
}

/* How far down the reader was, for when they come back. */
function rememberScroll() {
	history.replaceState({ ...history.state, down: scrollY }, '');
}

export function go(target, { replace = false } = {}) {
	rememberScroll();
	if (replace)
		history.replaceState(history.state, '', target);
	else
		history.pushState({}, '', target);
	tell();
	if (replace)
		return;
	scrollTo(0, 0);
	document.getElementById('main')?.focus({ preventScroll: true });
}

/* A part of this page, without going anywhere. */
export function point(hash) {
	history.replaceState(history.state, '', hash || location.pathname + location.search);
}

/* A click that a browser would follow in this window, to a page of ours. */
function ours(event) {
	const link = event.target.closest?.('a[href]');

	if (!link || event.defaultPrevented || event.button !== 0 || link.target ||
		link.hasAttribute('download') ||
		event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
		return null;
	const url = new URL(link.href);

	if (url.origin !== location.origin || url.pathname.startsWith('/v1/') ||
		place(url).page === 'nothing' ||
		(url.hash && url.pathname === location.pathname && url.search === location.search))
		return null;
	return url;
}

export function start() {
	history.scrollRestoration = 'manual';
	addEventListener('click', (event) => {
		const url = ours(event);

		if (url === null)
			return;
		event.preventDefault();
		go(url.href);
	});
	addEventListener('popstate', () => {
		const { down } = history.state ?? {};

		tell();
		/* What was fetched before is drawn at once, and then it is there. */
		requestAnimationFrame(() => requestAnimationFrame(() => scrollTo(0, down ?? 0)));
	});
	addEventListener('beforeunload', rememberScroll);
}

export function useAddress() {
	const [url, setUrl] = useState(() => new URL(location.href));

	useEffect(() => {
		listeners.add(setUrl);
		return () => listeners.delete(setUrl);
	}, []);
	return url;
}
