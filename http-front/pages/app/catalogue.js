/* The catalogue: what there is, found by words and narrowed by filters. */
import { html, useEffect, useState } from './ui.js';
import { cataloguePath, go, productPath } from './address.js';
import { useGet, usePages } from './api.js';
import { Command, Failed, Status, useTitle } from './parts.js';
import { ProblemPage } from './problem.js';
import { session } from './session.js';
import { count, number } from './words.js';

const FILTERS = ['domain', 'status', 'owner', 'tag'];

/*
 * The one place that knows where the catalogue is searched: the address of the
 * first page of what is found.
 */
function searchAddress(filters) {
	const query = new URLSearchParams({ limit: 50 });

	for (const [name, value] of Object.entries(filters))
		if (value)
			query.set(name, value);
	return `/v1/data-products?${query}`;
}

function Chips({ filters, change }) {
	const chosen = FILTERS.filter((name) => filters[name]);

	if (chosen.length === 0)
		return null;
	return html`<ul class="chips" aria-label="Chosen filters">${chosen.map((name) => html`<li key=${name}>
		<button type="button" onClick=${() => change({ [name]: null })}
			aria-label="Remove the filter ${name}: ${filters[name]}"
			>${name}: ${filters[name]} <span aria-hidden="true">×</span></button></li>`)}</ul>`;
}

function Choice({ name, counts, filters, change }) {
	const values = Object.entries(counts ?? {}).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));

	if (values.length === 0)
		return null;
	return html`<fieldset><legend>${name}</legend><ul>${values.map(([value, n]) => html`<li key=${value}>
		<label><input type="checkbox" checked=${filters[name] === value}
			onChange=${(event) => change({ [name]: event.target.checked ? value : null })} />
			<span>${value}</span><span class="count">${number(n)}</span></label></li>`)}</ul></fieldset>`;
}

function Row({ product }) {
	return html`<li><a href=${productPath(`dp:${product.name}`)}>
		<span class="name"><code>${product.name}</code></span>
		<span class="version">${product.version}</span>
		<${Status} status=${product.status} />
		<span class="domain">${product.domain}</span>
		<span class="text" dir="auto">${product.description.trim() ? product.description.slice(0, 200) :
		html`<span class="missing">No description</span>`}</span>
	</a></li>`;
}

function NothingFound({ filters, change }) {
	return html`<div class="empty"><p>Nothing is called or described by
		${filters.q ? html` “${filters.q}”` : ' these filters'}${FILTERS.some((name) => filters[name]) ?
		' with the filters that are chosen' : ''}.</p>
		<p><button type="button" onClick=${() => change({ q: null, domain: null, status: null, owner: null, tag: null })}>
			Show the whole catalogue</button></p></div>`;
}

/* A first visit: what to do so that there is something to see. */
function FirstProduct() {
	const token = session.authentication ? ' \\\n  -H "Authorization: Bearer $TOKEN"' : '';
	const command = `curl -X POST ${location.origin}/v1/data-products${token} \\
  -H "Content-Type: application/json" -d '{
  "name": "my_first_product",
  "description": "What it holds, in a sentence",
  "domain": "Platforms",
  "dataProductOwner": "you@example.org",
  "dataProductOwnerDisplayName": "Your name",
  "email": "you@example.org",
  "status": "draft",
  "retentionPeriod": 365,
  "dpiaRequired": false
}'`;

	return html`<div class="empty"><h2>Nothing is registered yet</h2>
		<p>Register the first data product from a terminal. It appears here at once.</p>
		<${Command} text=${command} label="the command" /></div>`;
}

function filtersOf(query) {
	const filters = { q: query.get('q') ?? '' };

	for (const name of FILTERS)
		filters[name] = query.get(name);
	return filters;
}

export function Catalogue({ query }) {
	const filters = filtersOf(query);
	const found = usePages(searchAddress(filters));
	const stats = useGet('/v1/stats');
	const products = stats.answer?.data.products;
	const { rows } = found;
	const [failure, setFailure] = useState(null);
	const filtered = filters.q || FILTERS.some((name) => filters[name]);
	const total = rows && !found.more ? rows.length : filtered ? null : products?.live;

	function change(some) {
		go(cataloguePath({ ...filters, ...some }));
	}
	useTitle(filters.q ? `${filters.q}: catalogue` : 'Catalogue');
	useEffect(() => setFailure(null), [found.answer]);
	if (found.error && !rows)
		return html`<${ProblemPage} error=${found.error} retry=${found.retry} />`;
	return html`<div class="catalogue">
		<h1 class="aloud">Catalogue</h1>
		<details class="filters" open=${innerWidth > 820}><summary>Filters</summary>
			<${Choice} name="domain" counts=${products?.byDomain} filters=${filters} change=${change} />
			<${Choice} name="status" counts=${products?.byStatus} filters=${filters} change=${change} />
		</details>
		<div class=${found.stale && rows ? 'stale' : ''}>
			<p class="total" role="status">${rows && (total === null || total === undefined ?
		`More than ${number(rows.length)} products` : count(total, 'product'))}</p>
			<${Chips} filters=${filters} change=${change} />
			${found.error && html`<${Failed} ...${found} />`}
			${rows && rows.length === 0 && (filtered ? html`<${NothingFound} filters=${filters} change=${change} />` :
		html`<${FirstProduct} />`)}
			<ol class="products">${rows?.map((product) => html`<${Row} key=${product.id} product=${product} />`)}</ol>
			${failure && html`<${Failed} error=${failure} />`}
			${found.more && html`<button type="button" onClick=${() => found.more().catch(setFailure)}>More</button>`}
		</div>
	</div>`;
}
