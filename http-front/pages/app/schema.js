/* A table's columns, and types that open. */
import { html, useState } from './ui.js';
import { parseType, typeOutline } from './types.js';
import { LongText, Tags } from './parts.js';
import { count } from './words.js';

const SHOWN = 300;

function Branch({ label, type }) {
	if (type.children.length === 0)
		return html`<li><code>${label}</code> <code class="type">${type.name}</code></li>`;
	return html`<li><code>${label}</code> <code class="type">${type.name}</code><ul>
		${type.children.map((child) => html`<${Branch} key=${child.label} ...${child} />`)}</ul></li>`;
}

export function Type({ text }) {
	const type = parseType(text);

	if (type.children.length === 0)
		return html`<code class="type">${text}</code>`;
	return html`<details class="type"><summary><code>${typeOutline(type)}</code></summary>
		<ul>${type.children.map((child) => html`<${Branch} key=${child.label} ...${child} />`)}</ul></details>`;
}

const MARKS = [
	['primaryKey', 'key', 'Part of the key'],
	['required', 'required', 'Never empty'],
	['partition', 'partition', 'The table is divided by it']
];

function Column({ column }) {
	return html`<tr>
		<th scope="row"><code>${column.name}</code></th>
		<td><${Type} text=${column.type} /></td>
		<td class="marks">${MARKS.map(([member, word, meaning]) => column[member] &&
			html`<span key=${member} class="flag" title=${meaning}>${word}</span>`)}</td>
		<td class="words"><${LongText} text=${column.description} /><${Tags} tags=${column.tags} /></td>
	</tr>`;
}

export function Columns({ columns, table }) {
	const [shown, setShown] = useState(SHOWN);

	if (columns.length === 0)
		return html`<p class="missing">This table has no columns.</p>`;
	return html`<div class="wide" tabindex="0" role="region" aria-label="Columns of ${table}">
		<table class="columns"><thead>
			<tr><th scope="col">Column</th><th scope="col">Type</th>
				<th scope="col"><span class="aloud">Marks</span></th><th scope="col">Description</th></tr>
		</thead><tbody>
			${columns.slice(0, shown).map((column) => html`<${Column} key=${column.name} column=${column} />`)}
		</tbody></table></div>
		${columns.length > shown && html`<button type="button" onClick=${() => setShown(Infinity)}>
			Show all ${count(columns.length, 'column')}</button>`}`;
}
