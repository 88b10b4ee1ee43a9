/* The catalogue: what there is, found by words and narrowed by filters. */
import { html, useEffect, useState } from './ui.js';
import { cataloguePath, go, productPath } from './address.js';
import { usePages } from './api.js';
import { Command, Failed, Status, Time, useTitle } from './parts.js';
import { ProblemPage } from './problem.js';
import { session } from './session.js';
import { count, number } from './words.js';

const FILTERS = ['domain', 'status', 'owner', 'tag', 'problem'];
const SORTS = { name: 'by name', changed: 'latest change first' };

function addressOf(path, filters) {
	const query = new URLSearchParams({ limit: 50 });

	for (const [name, value] of Object.entries(filters))
		if (value)
			query.set(name, value);
	return `${path}?${query}`;
}

/*
 * The one place that knows where what is searched for is found: the address of
 * the first page.
 */
function searchAddress({ sort, problem, ...filters }) {
	return addressOf('/v1/data-products', filters);
}

function browseAddress({ q, ...filters }) {
	return addressOf('/v1/catalogue', filters);
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

/* A filter: its values, and how much each would leave. */
function Choice({ name, choices, counted, filters, change }) {
	const chosen = filters[name];
	const missing = chosen && !choices.some((one) => one.value === chosen);

	if (choices.length === 0 && !chosen)
		return null;
	return html`<fieldset><legend>${name}</legend><ul>
		${[...choices, ...missing ? [{ value: chosen }] : []].map(({ value, count: n }) => html`<li key=${value}>
			<label><input type="checkbox" checked=${chosen === value}
				onChange=${(event) => change({ [name]: event.target.checked ? value : null })} />
				<span dir="auto" title=${value}>${value}</span>${counted && n !== undefined && html`<span class="count">${number(n)}</span>`}
			</label></li>`)}</ul></fieldset>`;
}

function Row({ product }) {
	return html`<li><a href=${productPath(`dp:${product.name}`)}>
		<span class="name"><code>${product.name}</code></span>
		<span class="version">${product.version}</span>
		<${Status} status=${product.status} />
		<span class="domain">${product.domain}</span>
		<span class="changed">${product.kind === 'major' && html`<span class="mark major">breaking</span> `}
			${product.created && html`<${Time} at=${product.created} />`}</span>
		<span class="text" dir="auto">${product.description.trim() ? product.description.slice(0, 200) :
		html`<span class="missing">No description</span>`}</span>
	</a></li>`;
}

function NothingFound({ filters, change }) {
	return html`<div class="empty"><p>Nothing is called or described by
		${filters.q ? html` “${filters.q}”` : ' these filters'}${FILTERS.some((name) => filters[name]) ?
		' with the filters that are chosen' : ''}.</p>
		<p><button type="button" onClick=${() => go('/')}>
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
	const filters = { q: query.get('q') ?? '', sort: query.get('sort') };

	for (const name of FILTERS)
		filters[name] = query.get(name);
	return filters;
}

/* All filters but the order, which narrows nothing. */
const isNarrowed = (filters) => filters.q || FILTERS.some((name) => filters[name]);

function sayTotal({ rows, more, total, searched }) {
	if (!rows)
		return '';
	if (!searched)
		return count(total, 'product');
	return more ? `More than ${number(rows.length)} products` : count(rows.length, 'product');
}

function Order({ filters, change }) {
	return html`<label class="order">Sorted <select value=${filters.sort ?? 'name'}
		onChange=${(event) => change({ sort: event.target.value === 'name' ? null : event.target.value })}>
		${Object.entries(SORTS).map(([value, word]) => html`<option key=${value} value=${value}>${word}</option>`)}
	</select></label>`;
}

/* On a phone they are a sheet that opens; elsewhere they are always there. */
function Filters({ counts, filters, change }) {
	const [open, setOpen] = useState(innerWidth > 820);

	return html`<details class="filters" open=${open} onToggle=${(event) => setOpen(event.target.open)}>
		<summary>Filters</summary>
		${['domain', 'status', 'owner', 'tag'].map((name) => html`<${Choice} key=${name} name=${name}
			choices=${counts?.[name] ?? []} counted=${!filters.q} filters=${filters} change=${change} />`)}
	</details>`;
}

export function Catalogue({ query }) {
	const filters = filtersOf(query);
	const searched = filters.q !== '';
	const browsed = usePages(browseAddress(filters), readCatalogue);
	const hits = usePages(searched ? searchAddress(filters) : null);
	const found = searched ? hits : browsed;
	const { rows } = found;
	const counts = browsed.answer?.data.counts;
	const [failure, setFailure] = useState(null);

	function change(some) {
		go(cataloguePath({ ...filters, ...some }));
	}
	useTitle(filters.q ? `${filters.q}: catalogue` : 'Catalogue');
	useEffect(() => setFailure(null), [found.answer]);
	if (found.error && !rows)
		return html`<${ProblemPage} error=${found.error} retry=${found.retry} />`;
	return html`<div class="catalogue">
		<h1 class="aloud">Catalogue</h1>
		<${Filters} counts=${counts} filters=${filters} change=${change} />
		<div class=${found.stale && rows ? 'stale' : ''}>
			<div class="above"><p class="total" role="status">${sayTotal({ ...found, searched, total: counts?.total ?? 0 })}</p>
				${!searched && rows?.length > 0 && html`<${Order} filters=${filters} change=${change} />`}</div>
			<${Chips} filters=${filters} change=${change} />
			${found.error && html`<${Failed} ...${found} />`}
			${rows && rows.length === 0 && (isNarrowed(filters) ? html`<${NothingFound} filters=${filters} change=${change} />` :
		html`<${FirstProduct} />`)}
			<ol class="products">${rows?.map((product) => html`<${Row} key=${product.id} product=${product} />`)}</ol>
			${failure && html`<${Failed} error=${failure} />`}
			${found.more && html`<button type="button" onClick=${() => found.more().catch(setFailure)}>More</button>`}
		</div>
	</div>`;
}

function readCatalogue(data) {
	return data.dataProducts;
}
