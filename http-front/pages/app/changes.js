/* Two versions side by side: first whether one breaks readers of the other. */
import { html, useEffect, useState } from './ui.js';
import { changesPath, go, makeId, parseId, productPath, tablePath } from './address.js';
import { ask, nextPage, useGet } from './api.js';
import { differ } from './differ.js';
import { Copy, Failed, Kind, Time, useTitle } from './parts.js';
import { ProblemPage } from './problem.js';
import { choices, useVersions } from './versions.js';
import { changeTitle, compareVersions, count, countChanges, number } from './words.js';

/* So many pages are read without being asked for. */
const PAGES = 8;
const SHOWN = 100;

/* All changes, page after page: {changes, complete, more}. */
function useAll(first) {
	const [state, setState] = useState({ of: null, changes: [], next: null, pages: 0 });
	const [error, setError] = useState(null);
	const current = state.of === first ? state : {
		of: first, changes: first?.data.changes ?? [], next: first ? nextPage(first.headers) : null, pages: 1
	};

	async function more() {
		setError(null);
		try {
			const answer = await ask('GET', current.next);

			setState({
				of: first, changes: [...current.changes, ...answer.data.changes],
				next: nextPage(answer.headers), pages: current.pages + 1
			});
		} catch (failure) {
			setError(failure);
		}
	}
	useEffect(() => {
		if (current.next && current.pages < PAGES && !error)
			more();
	}, [current.next]);
	return { changes: current.changes, complete: !current.next, more: current.next && more, error };
}

/* A value as a text that can be compared word by word. */
function asText(value) {
	if (value === null || value === undefined)
		return '';
	if (typeof value === 'string')
		return value;
	if (typeof value === 'boolean')
		return value ? 'yes' : 'no';
	if (typeof value === 'number')
		return number(value);
	if (Array.isArray(value))
		return value.map(asText).join(', ');
	return Object.entries(value).map(([key, one]) => `${key}: ${asText(one)}`).sort().join('\n');
}

function Pieces({ pieces, tag }) {
	return pieces.map((piece, i) => piece.differs ? html`<${tag} key=${i}>${piece.text}<//>` : piece.text);
}

function Side({ word, text, pieces, tag, code }) {
	return html`<div><span class="side">${word}</span> ${text === '' ? html`<span class="missing">nothing</span>` :
		html`<span class=${code ? 'code said' : 'said'} dir="auto"><${Pieces} pieces=${pieces} tag=${tag} /></span>`}</div>`;
}

function Sides({ from, to, code }) {
	const [before, after] = [asText(from), asText(to)];
	const pieces = differ(before, after);

	return html`<div class="sides">
		<${Side} word="was" text=${before} pieces=${pieces.before} tag="del" code=${code} />
		<${Side} word="is" text=${after} pieces=${pieces.after} tag="ins" code=${code} />
	</div>`;
}

const TYPES = ['column-type-changed', 'field-added', 'field-removed', 'fields-reordered', 'column-removed', 'column-added',
	'columns-reordered', 'column-renamed'];
/* Their sentence says it all. */
const TOLD = ['table-added', 'table-removed', 'column-required-changed', 'column-primary-key-changed',
	'column-partition-changed'];

function Change({ change }) {
	const whole = change.columnFrom !== undefined;
	const has = !TOLD.includes(change.change) && (change.from !== undefined || change.to !== undefined);

	return html`<li class=${`change ${change.kind}`}>
		<p><${Kind} kind=${change.kind} /> <span dir="auto">${changeTitle(change)}</span></p>
		${has && html`<${Sides} from=${whole ? change.columnFrom : change.from} to=${whole ? change.columnTo : change.to}
			code=${TYPES.includes(change.change)} />`}
	</li>`;
}

function Group({ table, changes, id }) {
	const breaking = changes.filter((change) => change.kind === 'major').length;
	const [shown, setShown] = useState(SHOWN);
	const removed = changes.some((change) => change.change === 'table-removed');

	return html`<section>
		<h2>${table === null ? 'The data product' : removed ? html`<code>${table}</code>` :
		html`<a href=${tablePath(`${id}:${table}`)}><code>${table}</code></a>`}
			<span class="quiet"> ${breaking > 0 ? countChanges(breaking, changes.length) :
		count(changes.length, 'compatible change')}</span></h2>
		<ul class="changes">${changes.slice(0, shown).map((change, i) => html`<${Change} key=${i} change=${change} />`)}</ul>
		${changes.length > shown && html`<button type="button" onClick=${() => setShown(Infinity)}>
			Show all ${count(changes.length, 'change')}</button>`}
	</section>`;
}

/* By table, the ones with breaking changes first, and within each the same. */
function group(changes) {
	const groups = new Map();

	for (const change of changes) {
		const table = change.table ?? null;

		groups.set(table, [...groups.get(table) ?? [], change]);
	}
	const breaks = ([, some]) => some.some((change) => change.kind === 'major');

	return [...groups].map(([table, some]) =>
		[table, [...some].sort((a, b) => (b.kind === 'major') - (a.kind === 'major'))])
		.sort((a, b) => breaks(b) - breaks(a) || (a[0] !== null) - (b[0] !== null) || (a[0] < b[0] ? -1 : 1));
}

function Choose({ id, from, to, rows }) {
	const { name } = parseId(id);
	const live = rows.map((row) => row.version);
	const all = [...new Set([from, to, ...live])].sort(compareVersions).reverse();

	function select(label, value, change) {
		return html`<label class="picker">${label} <select value=${value}
			onChange=${(event) => change(event.target.value)}>
			${all.map((version) => html`<option key=${version} value=${version}>${version}</option>`)}</select></label>`;
	}
	return html`<p class="tools">
		${select('From', from, (version) => go(changesPath(makeId(name, to), version)))}
		${select('to', to, (version) => go(changesPath(makeId(name, version), from)))}
		<span class="id"><span class="aloud">${location.origin}${changesPath(makeId(name, to), from)}</span
			><${Copy} text=${location.origin + changesPath(makeId(name, to), from)} what="Copy the link" label="the link" /></span>
	</p>`;
}

/* "v1.4 to v2.0: 2 breaking, 3 compatible changes." */
function sentence({ from, to, kind, changeCount }, changes, complete) {
	const breaking = changes.filter((change) => change.kind === 'major').length;

	if (from === to)
		return `${from} is compared with itself: no changes.`;
	if (!complete)
		return `${from} to ${to}: ${count(changeCount, 'change')}, ${kind === 'major' ?
			'of which some are breaking' : 'none that breaks'}.`;
	return `${from} to ${to}: ${countChanges(breaking, changeCount)}.`;
}

export function Changes({ id, query }) {
	const { name } = parseId(id);
	const versions = useVersions(name);
	const rows = versions.rows ?? [];
	/* Without a version to compare with, the one before. */
	const given = query.get('from');
	const to = parseId(id).version;
	const here = to === null ? choices(rows).newest : rows.find((row) => row.version === to) ??
		rows.find((row) => !row.deleted && row.version.startsWith(`${to}.`));
	const from = given ?? here?.from ?? here?.version;
	const answer = useGet(from ? `/v1/data-products/${encodeURIComponent(id)}/changes?from=${encodeURIComponent(from)}` : null);
	const { changes, complete, more, error } = useAll(answer.answer);
	const difference = answer.answer?.data;
	const to_row = rows.find((row) => row.version === difference?.to);

	useTitle(difference ? `${name}: ${difference.from} to ${difference.to}` : name);
	if (answer.error && !difference)
		return html`<${ProblemPage} error=${answer.error} id=${id} retry=${answer.retry} />`;
	if (versions.error && !difference)
		return html`<${ProblemPage} error=${versions.error} id=${id} retry=${versions.retry} />`;
	if (!difference)
		return null;
	return html`<article class=${`comparison ${answer.stale ? 'stale' : ''}`}>
		<header>
			<p class="path"><a href=${productPath(makeId(name))}><code>${name}</code></a></p>
			<h1>${sentence(difference, changes, complete)}</h1>
			${to_row && html`<p class="quiet">${difference.to} was made <${Time} at=${to_row.created} /> by <span dir="auto"
				>${to_row.actor}</span>.</p>`}
			<${Choose} id=${id} from=${difference.from} to=${difference.to} rows=${rows} />
			${answer.error && html`<${Failed} ...${answer} />`}
		</header>
		${group(changes).map(([table, some]) => html`<${Group} key=${`${table}`} table=${table} changes=${some}
			id=${makeId(name, difference.to)} />`)}
		${error && html`<${Failed} error=${error} retry=${more} />`}
		${more && !error && html`<p><button type="button" onClick=${more}>Read more of the
			${' '}${count(difference.changeCount, 'change')}</button></p>`}
	</article>`;
}
