/* A table of a data product, on a page of its own. */
import { html } from './ui.js';
import { parseId, productPath, tablePath } from './address.js';
import { useGet } from './api.js';
import { Failed, Id, LongText, Tags, useTitle } from './parts.js';
import { ProblemPage } from './problem.js';
import { Columns } from './schema.js';
import { Command } from './parts.js';
import { session } from './session.js';
import { count, number } from './words.js';

export function Table({ id }) {
	const answer = useGet(`/v1/schemas/${encodeURIComponent(id)}`);
	const schema = answer.answer?.data;

	useTitle(schema ? `${parseId(schema.id).table} of ${schema.dataProduct.name}` : id);
	if (answer.error && !schema)
		return html`<${ProblemPage} error=${answer.error} id=${id} retry=${answer.retry} />`;
	if (!schema)
		return null;
	const { name, version, table } = parseId(schema.id);
	const undescribed = schema.columns.filter((column) => !column.description.trim()).length;
	const token = session.authentication ? ' -H "Authorization: Bearer $TOKEN"' : '';

	return html`<article class=${answer.stale ? 'stale' : ''}>
		<header>
			<p class="path"><a href=${productPath(parseId(id).version ? `dp:${name}:${version}` : `dp:${name}`)}
				><code>${name}</code></a> <span class="version">${version}</span></p>
			<h1><code>${table}</code></h1>
			<p class="lead"><${LongText} text=${schema.tableDescription} /></p>
			<p class="quiet">${count(schema.columns.length, 'column')}${undescribed > 0 &&
		`, ${number(undescribed)} without a description`}</p>
			<${Tags} tags=${schema.tags} />
			<p class="tools"><${Id} id=${schema.id} />${parseId(id).version &&
		html` <a href=${tablePath(`dp:${name}:${table}`)}>See the newest</a>`}</p>
			${answer.error && html`<${Failed} ...${answer} />`}
		</header>
		<section aria-labelledby="columns"><h2 id="columns">Columns</h2>
			<${Columns} columns=${schema.columns} table=${table} /></section>
		<section aria-labelledby="ways"><h2 id="ways">How to read it</h2>
			<${Command} label="the command" text=${`curl${token} ${location.origin}/v1/schemas/${schema.id}`} /></section>
	</article>`;
}
