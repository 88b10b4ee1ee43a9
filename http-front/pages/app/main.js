/* The frame around every page, and which page it is. */
import { html, render, useEffect, useRef, useState } from './ui.js';
import { cataloguePath, go, place, start as startAddress, useAddress } from './address.js';
import { Catalogue } from './catalogue.js';
import { Changes } from './changes.js';
import { Dashboard } from './dashboard.js';
import { Given, LogIn, Nothing } from './problem.js';
import { Product } from './product.js';
import { logIn, logOut, session, start as startSession, useSession } from './session.js';
import { Table } from './table.js';

const PAUSE = 150;				/* milliseconds, while somebody types */

function Search({ at }) {
	const input = useRef(null);
	const timer = useRef(null);
	const [text, setText] = useState(at.query.get('q') ?? '');
	const searches = at.page === 'catalogue';

	/* Going back changes the address under it.  A blank that is just typed stays. */
	useEffect(() => {
		const q = at.query.get('q') ?? '';

		if (timer.current === null)
			setText((old) => old.trim() === q ? old : q);
	}, [at.query.get('q')]);
	useEffect(() => {
		if (searches && at.query.size === 0 && matchMedia('(hover: hover)').matches)
			input.current.focus();
		function slash(event) {
			if (event.key !== '/' || event.ctrlKey || event.metaKey ||
				/^(input|select|textarea)$/i.test(event.target.tagName))
				return;
			event.preventDefault();
			input.current.focus();
			input.current.select();
		}
		addEventListener('keydown', slash);
		return () => removeEventListener('keydown', slash);
	}, []);

	function search(value, replace) {
		const filters = searches ? Object.fromEntries(at.query) : {};

		timer.current = null;
		go(cataloguePath({ ...filters, q: value.trim() }), { replace });
	}
	function typed(event) {
		const { value } = event.target;

		setText(value);
		clearTimeout(timer.current);
		timer.current = searches ? setTimeout(() => search(value, true), PAUSE) : null;
	}
	function submitted(event) {
		event.preventDefault();
		clearTimeout(timer.current);
		search(text, searches);
	}
	return html`<form role="search" onSubmit=${submitted}>
		<label class="aloud" for="search">Search the catalogue</label>
		<input id="search" type="search" ref=${input} value=${text} onInput=${typed}
			placeholder="Search products, tables and columns" autocomplete="off" spellcheck="false"
			aria-keyshortcuts="/" /><kbd aria-hidden="true">/</kbd></form>`;
}

const THEMES = { system: 'Auto', light: 'Light', dark: 'Dark' };

function Theme() {
	const root = document.documentElement;
	const [theme, setTheme] = useState(root.dataset.theme ?? 'system');

	function choose(event) {
		const { value } = event.target;

		setTheme(value);
		if (value === 'system')
			delete root.dataset.theme;
		else
			root.dataset.theme = value;
		try {
			localStorage.setItem('dpmeta.theme', value);
		} catch (refused) {
			/* Then it holds until the page is left. */
		}
	}
	return html`<label class="theme"><span class="aloud">Light or dark</span><select value=${theme} onChange=${choose}>
		${Object.entries(THEMES).map(([value, word]) => html`<option key=${value} value=${value}>${word}</option>`)}
	</select></label>`;
}

function Who() {
	const { authentication, token, name, error } = useSession();

	if (!authentication)
		return null;
	if (!token)
		return session.canLogIn() && html`<button type="button" onClick=${logIn}
			title=${error ?? undefined}>Log in</button>`;
	return html`<span class="who"><span dir="auto">${name}</span>
		<button type="button" class="plain" onClick=${logOut}>Log out</button></span>`;
}

const PAGES = { catalogue: Catalogue, changes: Changes, dashboard: Dashboard, product: Product, table: Table };

function Page({ at, given }) {
	const { token } = useSession();
	const Shown = PAGES[at.page];

	if (given)
		return html`<${Given} problem=${given} />`;
	if (!Shown)
		return html`<${Nothing} />`;
	if (session.mustLogIn())
		return html`<${LogIn} />`;
	return html`<${Shown} key=${token} ...${at} />`;
}

function App({ given }) {
	const url = useAddress();
	const [first] = useState(url.href);
	const at = place(url);

	return html`
		<a class="skip" href="#main">Skip to the content</a>
		<header class="bar">
			<a class="home" href="/">dpmeta</a>
			<${Search} at=${at} />
			<nav aria-label="Pages"><ul>
				<li><a href="/" aria-current=${at.page === 'catalogue' ? 'page' : undefined}>Catalogue</a></li>
				<li><a href="/dashboard" aria-current=${at.page === 'dashboard' ? 'page' : undefined}>Dashboard</a></li>
				<li><a href="/docs">API</a></li>
			</ul></nav>
			<${Who} />
		</header>
		<main id="main" tabindex="-1"><${Page} at=${at} given=${url.href === first ? given : null} /></main>
		<footer><p>dpmeta: <a href="/docs">try the API</a>, <a href="/redoc">read about it</a></p><${Theme} /></footer>`;
}

async function start() {
	const root = document.getElementById('app');
	const given = document.getElementById('problem');

	await startSession();
	startAddress();
	root.textContent = '';
	render(html`<${App} given=${given} />`, root);
}

start();
