/* A data product: what it is, whose, whether it is safe to use, what changed. */
import { html, useEffect, useState } from './ui.js';
import { cataloguePath, changesPath, go, makeId, parseId, point, productPath, tablePath } from './address.js';
import { useGet } from './api.js';
import { Command, Failed, Id, Kind, Location, LongText, Person, Status, Tags, Time, useTitle } from './parts.js';
import { ProblemPage } from './problem.js';
import { Columns } from './schema.js';
import { session, useSession } from './session.js';
import { Steward } from './steward.js';
import { choices, useVersions, Versions } from './versions.js';
import { count, day, days, number, summary } from './words.js';

const SHOWN = 200;
/* So few are read together, with what is in them. */
const FEW = 40;

function Fact({ name, children }) {
	return html`<div><dt>${name}</dt><dd>${children}</dd></div>`;
}

function Facts({ product }) {
	const p = product;

	return html`<dl class="facts">
		<${Fact} name="Owner"><${Person} name=${p.dataProductOwnerDisplayName} address=${p.dataProductOwner} /><//>
		${(p.dataProductMaintainer || p.dataProductMaintainerDisplayName) && html`<${Fact} name="Maintainer">
			<${Person} name=${p.dataProductMaintainerDisplayName} address=${p.dataProductMaintainer} /><//>`}
		<${Fact} name="Contact"><${Person} address=${p.email} /><//>
		<${Fact} name="Domain"><a href=${cataloguePath({ domain: p.domain })}>${p.domain}</a><//>
		<${Fact} name="Kept for">${days(p.retentionPeriod)}<//>
		<${Fact} name="Privacy">${p.dpiaRequired ? 'An impact assessment is required' : 'No impact assessment is required'}
			${p.dpiaLocation ? html`: <${Location} at=${p.dpiaLocation} />` :
		p.dpiaRequired && html`; <span class="missing">none is recorded</span>`}<//>
		<${Fact} name="Last loaded">${p.lastUpdated ? html`<${Time} at=${p.lastUpdated} />` :
		html`<span class="missing">no load was reported</span>`}<//>
		${p.rowCount !== null && html`<${Fact} name="Rows">${number(p.rowCount)}<//>`}
		${p.s3Location && html`<${Fact} name="Data"><${Location} at=${p.s3Location} /><//>`}
		<${Fact} name="Registered"><${Time} at=${p.creationDate} /><//>
		${Object.keys(p.tags ?? {}).length > 0 && html`<${Fact} name="Tags"><${Tags} tags=${p.tags} /><//>`}
	</dl>`;
}

/* "newest", a major that is maintained, or one version. */
function Picker({ id, version, rows }) {
	const { name } = parseId(id);
	const { newest, majors, older } = choices(rows);
	const live = [newest, ...majors, ...older].filter(Boolean);
	const pinned = parseId(id).version;
	const value = pinned === null ? makeId(name) :
		live.some((row) => row.id === id) ? id : makeId(name, version);

	return html`<label class="picker">Version
		<select value=${value} onChange=${(event) => go(productPath(event.target.value))}>
			${newest && html`<option value=${makeId(name)}>newest (${newest.version})</option>`}
			${live.map((row) => html`<option key=${row.id} value=${row.id}>${row.version}${majors.includes(row) ?
		`, newest of ${row.version.split('.')[0]}` : ''}</option>`)}
			${!live.some((row) => row.version === version) && html`<option value=${makeId(name, version)}>${version}</option>`}
		</select></label>`;
}

/* What a reader must know before they use it. */
function Warnings({ product, headers, newest }) {
	const sunset = headers.get('Sunset');
	const past = sunset && new Date(sunset) < new Date();

	return html`
		${product.status === 'retired' && html`<p class="notice amber"><strong>Retired.</strong> ${sunset ?
		html`It ${past ? 'was to' : 'will'} go away after ${day(sunset)}.` : 'Look for another product before you build on it.'}</p>`}
		${product.status !== 'retired' && sunset && html`<p class="notice amber"><strong>To be retired</strong> after ${day(sunset)}.</p>`}
		${product.status === 'draft' && html`<p class="notice"><strong>A draft.</strong> It may still change in any way.</p>`}
		${newest && newest.version !== product.version && html`<p class="notice"><strong>This is ${product.version}.</strong>
			The newest version is <a href=${productPath(makeId(product.name))}>${newest.version}</a>.
			<a href=${changesPath(newest.id, product.version)}>See what changed since</a></p>`}`;
}

function LastChange({ rows, version }) {
	const last = rows.find((row) => row.version === version);

	if (!last)
		return null;
	return html`<p class="last"><${Kind} kind=${last.kind} /> <span dir="auto">${summary(last)}.</span> <span class="quiet"
		><${Time} at=${last.created} /> by <span dir="auto">${last.actor}</span></span></p>`;
}

/* ---- tables ---- */

/* Only what is opened is read, if it was not read with all the others. */
function OpenTable({ id, known, coming }) {
	const schema = useGet(known || coming ? null : `/v1/schemas/${encodeURIComponent(id)}`);
	const table = known ?? schema.answer?.data;

	if (schema.error)
		return html`<${Failed} ...${schema} />`;
	if (!table)
		return html`<p class="quiet">Reading the columns</p>`;
	return html`${!known && html`<p><${LongText} text=${table.tableDescription} /></p>`}
		<${Columns} columns=${table.columns} table=${parseId(id).table} />
		<p class="tools"><${Id} id=${id} /> <a href=${tablePath(id)}>A page of its own</a></p>`;
}

function Table({ id, known, coming, opened }) {
	const { table } = parseId(id);
	const [open, setOpen] = useState(opened);
	const undescribed = known?.columns.filter((column) => !column.description.trim()).length;

	function toggled(event) {
		if (event.currentTarget !== event.target || event.target.open === open)
			return;
		setOpen(event.target.open);
		point(event.target.open ? `#${table}` : '');
	}
	return html`<details class="table" id=${table} open=${open} onToggle=${toggled}>
		<summary><h3><code>${table}</code></h3>
			${known && html`<span class="quiet">${count(known.columns.length, 'column')}${undescribed > 0 ?
		`, ${number(undescribed)} without a description` : ''}</span>
			<span class="words"><${LongText} text=${known.tableDescription} /></span>`}</summary>
		${open && html`<${OpenTable} id=${id} known=${known} coming=${coming} />`}
	</details>`;
}

function Tables({ product }) {
	const ids = product.schemas.map((schema) => schema.id);
	const few = ids.length > 0 && ids.length <= FEW;
	const contract = useGet(few ? `/v1/contracts/${encodeURIComponent(product.id)}` : null);
	const known = new Map(contract.answer?.data.id === product.id ?
		contract.answer.data.tables.map((table) => [table.name, table]) : []);
	const [wanted, setWanted] = useState('');
	const [shown, setShown] = useState(SHOWN);
	const found = ids.filter((id) => parseId(id).table.includes(wanted.toLowerCase()));
	const opened = decodeURIComponent(location.hash.slice(1));

	useEffect(() => {
		if (opened)
			document.getElementById(opened)?.scrollIntoView({ block: 'start' });
	}, [product.id]);
	if (ids.length === 0)
		return html`<p class="missing">This version has no tables.</p>`;
	return html`
		${ids.length > 12 && html`<p><label>Find a table <input type="search" value=${wanted}
			onInput=${(event) => setWanted(event.target.value)} /></label>
			<span class="quiet" aria-live="polite">${wanted ? `${number(found.length)} of ${count(ids.length, 'table')}` : ''}</span></p>`}
		${found.slice(0, shown).map((id) => html`<${Table} key=${id} id=${id} known=${known.get(parseId(id).table)}
			coming=${few && !contract.answer && !contract.error} opened=${parseId(id).table === opened || ids.length === 1} />`)}
		${found.length > shown && html`<button type="button" onClick=${() => setShown(shown + 1000)}>
			Show more of the ${count(found.length, 'table')}</button>`}`;
}

/* ---- who reads it ---- */

function Consumers({ name }) {
	const { answer, error, retry } = useGet(`/v1/data-products/${makeId(name)}/consumers`);
	const consumers = answer?.data;

	if (!consumers && !error)
		return null;
	return html`<section aria-labelledby="consumers"><h2 id="consumers">Consumers
			${' '}<span class="quiet">${consumers && number(consumers.length)}</span></h2>
		${error && html`<${Failed} error=${error} retry=${retry} />`}
		${consumers?.length === 0 && html`<p class="missing">Nobody has said that they read it.</p>`}
		${consumers?.length > 0 && html`<table><thead><tr><th scope="col">Who</th><th scope="col">Contact</th>
			<th scope="col">Reads</th><th scope="col">Tables</th></tr></thead><tbody>
			${consumers.map((one) => html`<tr key=${one.name}><th scope="row"><code>${one.name}</code></th>
				<td><${Person} address=${one.contact} /></td><td><a href=${productPath(makeId(name, one.version))}>${one.version}</a></td>
				<td>${one.tables?.length > 0 ? one.tables.join(', ') : 'all'}</td></tr>`)}
		</tbody></table>`}
	</section>`;
}

/* ---- how to read it ---- */

function Ways({ product }) {
	const { name, version } = product;
	const major = version.split('.')[0];
	const token = session.authentication ? ' \\\n  -H "Authorization: Bearer $TOKEN"' : '';

	return html`
		<p>Programs that must not break name a major: <code>${makeId(name, major)}</code> gets compatible changes only.</p>
		<h3>REST</h3>
		<${Command} label="the command"
			text=${`curl${token} ${location.origin}/v1/contracts/${makeId(name, major)}`} />
		<h3>SQL</h3>
		<${Command} label="the statement" text=${`SELECT table_name, column_name, column_type, description
FROM dpmeta.columns
WHERE data_product = '${name}' AND version = '${version}';`} />`;
}

const asOf = (query) => query.get('asOf') ? `?asOf=${encodeURIComponent(query.get('asOf'))}` : '';

export function Product({ id, part, query }) {
	const { name } = parseId(id);

	useSession();
	const answer = useGet(`/v1/data-products/${encodeURIComponent(id)}${asOf(query)}`);
	const versions = useVersions(name);
	const product = answer.answer?.data;
	const rows = versions.rows ?? [];
	const newest = choices(rows).newest;

	useTitle(product?.name ?? id);
	useEffect(() => {
		if (part && versions.rows)
			document.getElementById(part)?.scrollIntoView();
	}, [part, versions.rows !== null]);
	if (answer.error && !product)
		return html`<${ProblemPage} error=${answer.error} id=${id} retry=${answer.retry} />`;
	/* Both come at once, and then nothing moves. */
	if (!product || (!versions.rows && !versions.error))
		return null;
	return html`<article class=${`product ${answer.stale ? 'stale' : ''}`}>
		<header>
			<h1><code>${product.name}</code></h1>
			<p class="marks"><span class="version">${product.version}</span> <${Status} status=${product.status} />
				${newest && newest.version === product.version && html`<span class="quiet">newest</span>`}</p>
			<p class="lead"><${LongText} text=${product.description} /></p>
			<${LastChange} rows=${rows} version=${product.version} />
			<p class="tools"><${Id} id=${product.id} /><${Picker} id=${id} version=${product.version} rows=${rows} /></p>
			${query.get('asOf') && html`<p class="notice">As it stood on ${day(query.get('asOf'))}.
				<a href=${productPath(id)}>See it as it is now</a></p>`}
			<${Warnings} product=${product} headers=${answer.answer.headers} newest=${newest} />
			${answer.error && html`<${Failed} ...${answer} />`}
			${newest?.version === product.version && !query.get('asOf') && html`<${Steward} name=${product.name} status=${product.status}
				etag=${answer.answer.headers.get('ETag')} changed=${() => {
		answer.retry();
		versions.retry();
	}} />`}
		</header>
		<section aria-labelledby="facts"><h2 id="facts">Facts</h2><${Facts} product=${product} /></section>
		<section aria-labelledby="tables"><h2 id="tables">Tables <span class="quiet">${number(product.schemas.length)}</span></h2>
			<${Tables} key=${product.id} product=${product} /></section>
		<section aria-labelledby="versions"><h2 id="versions">Versions</h2>
			<${Versions} versions=${versions} id=${id} current=${product.version} /></section>
		<${Consumers} name=${product.name} />
		<section aria-labelledby="ways"><h2 id="ways">How to read it</h2><${Ways} product=${product} /></section>
	</article>`;
}
