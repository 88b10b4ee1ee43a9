/* The catalogue: what there is, found by words and narrowed by filters. */
import { html, useEffect, useState } from './ui.js';
import { cataloguePath, go, productPath, tablePath } from './address.js';
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

function searchAddress({ sort, problem, ...filters }) {
	return addressOf('/v1/search', filters);
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

/* What stands between two asterisks on either side was searched for. */
function Marked({ text }) {
	return text.split('**').map((piece, i) => i % 2 === 1 ? html`<mark key=${i}>${piece}</mark>` : piece);
}

const KINDS = { 'data-product': 'data product', table: 'table', column: 'column' };

/* Where a hit is: a column's is its table. */
function hitPath(hit) {
	return hit.kind === 'data-product' ? productPath(`dp:${hit.dataProduct}`) :
		tablePath(`dp:${hit.dataProduct}:${hit.table}`);
}

function Hit({ hit }) {
	return html`<li><a href=${hitPath(hit)}>
		<span class="name"><code>${hit.name}</code>${hit.kind !== 'data-product' && html`<span class="quiet"> ${KINDS[hit.kind]} of
			${' '}<code>${hit.kind === 'column' ? `${hit.table}` : hit.dataProduct}</code>${hit.kind === 'column' && html` in
			${' '}<code>${hit.dataProduct}</code>`}</span>`}</span>
		<${Status} status=${hit.status} />
		<span class="domain">${hit.domain}</span>
		<span class="changed">found in ${hit.foundIn === 'owner' ? 'owner or domain' : hit.foundIn}</span>
		<span class="text" dir="auto">${hit.headline.trim() ? html`<${Marked} text=${hit.headline} />` :
		html`<span class="missing">No description</span>`}</span>
	</a></li>`;
}

function NothingFound({ filters, change, guess }) {
	return html`<div class="empty"><p>Nothing is called or described
		by${filters.q ? html` “${filters.q}”` : ' these filters'}${filters.q && FILTERS.some((name) => filters[name]) ?
		' with the filters that are chosen' : ''}.</p>
		${guess && html`<p>Did you mean <button type="button" class="plain" onClick=${() => change({ q: guess })}>${guess}</button>?</p>`}
		<p><button type="button" onClick=${() => go('/')}>Show the whole catalogue</button></p></div>`;
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

function sayTotal({ rows, answer }, counts) {
	if (!rows)
		return '';
	if (!answer.data.hits)
		return count(counts.total, 'product');
	return `${answer.data.totalIsExact ? '' : 'More than '}${count(answer.data.total, 'hit')}`;
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
	const hits = usePages(searched ? searchAddress(filters) : null, readHits);
	const found = searched ? hits : browsed;
	const { rows } = found;
	const counts = browsed.answer?.data.counts;
	const search = searched ? found.answer?.data : null;
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
			<div class="above"><p class="total" role="status">${sayTotal(found, counts)}</p>
				${!searched && rows?.length > 0 && html`<${Order} filters=${filters} change=${change} />`}</div>
			<${Chips} filters=${filters} change=${change} />
			${found.error && html`<${Failed} ...${found} />`}
			${search?.ignored.length > 0 && html`<p class="quiet">Too common to be searched for: ${search.ignored.join(', ')}</p>`}
			${rows && rows.length === 0 && (isNarrowed(filters) ? html`<${NothingFound} filters=${filters} change=${change}
				guess=${search?.didYouMean} />` :
		html`<${FirstProduct} />`)}
			<ol class=${search ? 'products hits' : 'products'}>${rows?.map((one) => search ?
		html`<${Hit} key=${`${one.kind} ${one.id} ${one.name}`} hit=${one} />` :
		html`<${Row} key=${one.id} product=${one} />`)}</ol>
			${failure && html`<${Failed} error=${failure} />`}
			${found.more && html`<button type="button" onClick=${() => found.more().catch(setFailure)}>More</button>`}
		</div>
	</div>`;
}

function readHits(data) {
	return data.hits;
}

function readCatalogue(data) {
	return data.dataProducts;
}
