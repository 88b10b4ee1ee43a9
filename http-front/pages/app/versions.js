/* A product's versions as a line of time. */
import { html, useState } from './ui.js';
import { changesPath, go, parseId, productPath } from './address.js';
import { usePages } from './api.js';
import { Failed, Kind, Time } from './parts.js';
import { breakingFirst, changeSentence, compareVersions, count, summary } from './words.js';

function Changes({ version }) {
	const shown = breakingFirst(version.changes);

	return html`<details><summary>${count(version.changeCount, 'change')}</summary><ul>
		${shown.map((change, i) => html`<li key=${i}><${Kind} kind=${change.kind} /> <span dir="auto"
			>${changeSentence(change)}</span></li>`)}
		${version.truncated && html`<li><a href=${changesPath(version.id, version.from)}>See all of them</a></li>`}
	</ul></details>`;
}

function Version({ version, current, chosen, choose }) {
	const here = version.version === current;
	const one = version.version;

	return html`<li class=${version.deleted ? 'deleted' : ''}>
		<label class="tick"><input type="checkbox" checked=${chosen} disabled=${!!version.deleted}
			onChange=${() => choose(one)} /><span class="aloud">Compare ${one}</span></label>
		<div>
			<p class="line">
				${version.deleted ? html`<strong>${one}</strong>` :
		html`<a href=${productPath(version.id)} aria-current=${here ? 'page' : undefined}><strong>${one}</strong></a>`}
				<${Kind} kind=${version.kind} />
				${version.deleted && html`<span class="mark deletion">deleted</span>`}
				<span class="quiet"><${Time} at=${version.created} /> by <span dir="auto">${version.actor}</span></span>
			</p>
			<p dir="auto">${summary(version)}</p>
			${version.changeCount > 2 && version.kind !== 'initial' && html`<${Changes} version=${version} />`}
		</div>
	</li>`;
}

/* The two newest are what most people want to compare. */
function firstPair(rows) {
	return rows.filter((row) => !row.deleted).slice(0, 2).map((row) => row.version);
}

export function useVersions(name) {
	return usePages(`/v1/data-products/dp:${encodeURIComponent(name)}/versions?deleted=true&limit=50`);
}

export function Versions({ versions, id, current }) {
	const { rows, more, error, retry } = versions;
	const { name } = parseId(id);
	const [picked, setPicked] = useState(null);
	const [failure, setFailure] = useState(null);

	if (error)
		return html`<${Failed} error=${error} retry=${retry} />`;
	if (!rows)
		return null;
	const chosen = picked ?? firstPair(rows);
	const pair = [...chosen].sort(compareVersions);

	function choose(version) {
		setPicked(chosen.includes(version) ? chosen.filter((one) => one !== version) :
			[...chosen, version].slice(-2));
	}
	function compare(event) {
		event.preventDefault();
		go(changesPath(`dp:${name}:${pair[1]}`, pair[0]));
	}
	return html`<form class="versions" onSubmit=${compare}>
		<p><button type="submit" disabled=${pair.length !== 2}>${pair.length === 2 ?
		`Compare ${pair[0]} with ${pair[1]}` : 'Tick two versions to compare them'}</button></p>
		<ol class="timeline">${rows.map((row) => html`<${Version} key=${row.version} version=${row}
			current=${current} chosen=${chosen.includes(row.version)} choose=${choose} />`)}</ol>
		${failure && html`<${Failed} error=${failure} />`}
		${more && html`<button type="button" onClick=${() => {
		setFailure(null);
		more().catch(setFailure);
	}}>Older versions</button>`}
	</form>`;
}

/* Where each major is, for a list to choose from. */
export function choices(rows) {
	const live = rows.filter((row) => !row.deleted);
	const seen = new Set();
	const out = { newest: live[0], majors: [], older: [] };

	for (const row of live) {
		const major = row.version.split('.')[0];

		if (row === live[0])
			seen.add(major);
		else if (seen.has(major))
			out.older.push(row);
		else {
			seen.add(major);
			out.majors.push(row);
		}
	}
	return out;
}
