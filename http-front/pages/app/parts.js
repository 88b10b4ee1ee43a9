/* Small things that several pages show. */
import { html, useEffect, useRef, useState } from './ui.js';
import { cataloguePath } from './address.js';
import { ago, exactTime, kindWord, sentence } from './words.js';

/* "3 days ago"; the exact time on hover, and in print. */
export function Time({ at }) {
	const exact = exactTime(at);

	return html`<time datetime=${at} title=${exact}
		>${ago(at)}<span class="print"> (${exact})</span></time>`;
}

/* A kind of change is said in a word; its colour repeats it. */
export function Kind({ kind }) {
	return html`<span class="mark ${kind}">${kindWord(kind)}</span>`;
}

export function Status({ status }) {
	return html`<span class="mark ${status}">${status}</span>`;
}

/* An ID, a command: copied by a button that says that it did. */
export function Copy({ text, what = 'Copy', label }) {
	const [done, setDone] = useState(null);

	useEffect(() => {
		if (done === null)
			return undefined;
		const timer = setTimeout(() => setDone(null), 2000);

		return () => clearTimeout(timer);
	}, [done]);

	async function copy() {
		try {
			await navigator.clipboard.writeText(text);
			setDone('Copied');
		} catch (refused) {
			setDone('Press Ctrl+C');
			selectBeside();
		}
	}
	const button = useRef(null);

	/* Where the clipboard is closed to pages, the text is at least selected. */
	function selectBeside() {
		const beside = button.current?.previousElementSibling;

		if (beside)
			getSelection().selectAllChildren(beside);
	}
	return html`<button type="button" class="copy" ref=${button} onClick=${copy}
		aria-label=${done ? undefined : `Copy ${label ?? text}`}
		><span aria-live="polite">${done ?? what}</span></button>`;
}

export function Id({ id }) {
	return html`<span class="id"><code>${id}</code><${Copy} text=${id} /></span>`;
}

export function Command({ text, label }) {
	return html`<div class="command"><pre tabindex="0">${text}</pre><${Copy} text=${text} label=${label} /></div>`;
}

/* Who someone is; a link to write to them, where there is an address. */
export function Person({ name, address }) {
	const isMail = /^[^\s@<>?&]+@[^\s@<>?&]+$/.test(address ?? '');

	if (!address)
		return name || 'nobody is named';
	if (!isMail)
		return name && name !== address ? `${name} (${address})` : address;
	return html`<a href="mailto:${encodeURIComponent(address).replace('%40', '@')}">${name || address}</a>`;
}

/* Where something lies: a link when a browser can follow it. */
export function Location({ at }) {
	return /^https?:\/\//.test(at) ? html`<a href=${at} rel="noreferrer">${at}</a>` : html`<code>${at}</code>`;
}

export function Tags({ tags }) {
	const entries = Object.entries(tags ?? {});

	if (entries.length === 0)
		return null;
	return html`<ul class="tags">${entries.map(([key, value]) => html`
		<li key=${key}><a href=${cataloguePath({ tag: `${key}:${value}` })}>${key}: ${value}</a></li>`)}</ul>`;
}

/* Text of any length: what is very long opens. */
const LONG = 600;

export function LongText({ text, none = 'No description' }) {
	const [open, setOpen] = useState(false);

	if (!text || !text.trim())
		return html`<span class="missing">${none}</span>`;
	if (text.length <= LONG || open)
		return html`<span class="said" dir="auto">${text}</span>`;
	return html`<span class="said" dir="auto">${text.slice(0, LONG)}… </span
		><button type="button" class="plain" onClick=${() => setOpen(true)}>Show all of it</button>`;
}

/* A failed request, where it failed. */
export function Failed({ error, retry }) {
	return html`<div class="failed" role="alert">
		<p><strong>${error.title ?? 'The request failed'}</strong></p>
		${error.detail && html`<p>${sentence(error.detail)}</p>`}
		${error.hint && html`<p>${sentence(error.hint)}</p>`}
		${retry && html`<button type="button" onClick=${retry}>Try again</button>`}
	</div>`;
}

export function useTitle(title) {
	useEffect(() => {
		document.title = title ? `${title} - dpmeta` : 'dpmeta';
	}, [title]);
}
