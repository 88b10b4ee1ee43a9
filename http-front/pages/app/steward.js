/*
 * What a steward may do with a data product.  What a step would do is shown
 * first, as the service says it, then there is one button with the verb on it.
 */
import { html, useEffect, useRef, useState } from './ui.js';
import { makeId } from './address.js';
import { ask, forget, useGet } from './api.js';
import { Failed, Kind } from './parts.js';
import { session } from './session.js';
import { breakingFirst, changeSentence, count } from './words.js';

const MERGE_PATCH = 'application/merge-patch+json';

const path = (name) => `/v1/data-products/${makeId(name)}`;

function setStatus(status) {
	return (name, etag, dryRun) => ask('PATCH', `${path(name)}${dryRun ? '?dryRun=true' : ''}`,
		{ body: { status }, type: MERGE_PATCH, headers: etag ? { 'If-Match': etag } : {} });
}

function remove(name, etag, dryRun, force) {
	const query = new URLSearchParams({ ...dryRun && { dryRun }, ...force && { force } });

	return ask('DELETE', `${path(name)}?${query}`, { headers: etag ? { 'If-Match': etag } : {} });
}

function restore(name, etag, dryRun) {
	return ask('POST', `${path(name)}/restore${dryRun ? '?dryRun=true' : ''}`);
}

/* verb: on the button; makes: what is said first; done, undo: afterwards. */
const STEPS = {
	publish: {
		verb: 'Publish', run: setStatus('published'), makes: (id) => `This publishes ${id}.`,
		done: 'Published', undo: 'unpublish'
	},
	unpublish: {
		verb: 'Make it a draft', run: setStatus('draft'), makes: (id) => `This makes it a draft, as ${id}.`,
		done: 'Made a draft', undo: 'publish'
	},
	retire: {
		verb: 'Retire', run: setStatus('retired'), makes: (id) => `This retires it, as ${id}. It can still be read; every answer ` +
			'says that it is retired.',
		done: 'Retired', undo: 'publish'
	},
	remove: {
		verb: 'Delete', run: remove, dangerous: true,
		makes: (id, n) => `This deletes ${id} with ${n === 1 ? 'its only version' : `all of its ${n} versions`}. Who asks for it is told that it is gone.`,
		done: 'Deleted', undo: 'restore'
	},
	restore: {
		verb: 'Restore', run: restore, makes: (id, n) => `This makes ${id} live again, with the ${count(n, 'version')} that it had.`,
		done: 'Restored', undo: 'remove'
	}
};

const OFFERED = {
	draft: ['publish', 'retire', 'remove'],
	published: ['retire', 'unpublish', 'remove'],
	retired: ['publish', 'remove'],
	deleted: ['restore']
};

/* "Three consumers read it: finance, audit." */
function Consumers({ consumers, step }) {
	if (!consumers || !['retire', 'remove', 'unpublish'].includes(step))
		return null;
	if (consumers.length === 0)
		return html`<p>Nobody is registered as a consumer of it.</p>`;
	return html`<p>${count(consumers.length, 'consumer reads', 'consumers read')} it, and ${consumers.length === 1 ?
		'is' : 'are'} told nothing yet: ${consumers.map((one, i) => html`${i > 0 && ', '}<span dir="auto">${one.name}</span>`)}.</p>`;
}

function Preview({ step, preview, name, consumers }) {
	const { id, kind, changes } = preview;
	/* That versions go is said in the sentence. */
	const told = (changes ?? []).filter((change) => !['version-deleted', 'version-restored'].includes(change.change));

	return html`
		<p>${STEPS[step].makes(id ?? makeId(name), (changes ?? []).length - told.length)} ${kind && ['minor', 'major', 'none'].includes(kind) && html`To those who read
			it, the change is <${Kind} kind=${kind} />.`}</p>
		${told.length > 0 && html`<ul>${breakingFirst(told).slice(0, 20).map((change, i) => html`
			<li key=${i}><span dir="auto">${changeSentence(change)}</span></li>`)}
			${told.length > 20 && html`<li>and ${count(told.length - 20, 'more change')}</li>`}</ul>`}
		<${Consumers} consumers=${consumers} step=${step} />`;
}

/* Deleting asks for the name, so that nobody deletes the one beside it. */
function Confirm({ step, name, ready, carryOut, force, close }) {
	const [typed, setTyped] = useState('');
	const { verb, dangerous } = STEPS[step];

	return html`<form onSubmit=${(event) => {
		event.preventDefault();
		carryOut();
	}}>
		${dangerous && html`<p><label>To go on, type the name of the data product: <code>${name}</code><br />
			<input type="text" value=${typed} onInput=${(event) => setTyped(event.target.value)} autocomplete="off"
				spellcheck="false" /></label></p>`}
		<p class="tools"><button type="submit" class=${dangerous ? 'danger' : 'main'}
			disabled=${!ready || (dangerous && typed !== name)}>${verb}${force ? ' although it is read' : ''}</button>
			<button type="button" onClick=${close}>Cancel</button></p>
	</form>`;
}

function Done({ step, result, name, undo, close }) {
	const { done, undo: back } = STEPS[step];

	return html`<p role="status"><strong>${done}${result?.version ? ` as ${result.version}` : ''}.</strong>
		${' '}To undo it: <button type="button" class="plain" onClick=${() => undo(back)}>${STEPS[back].verb.toLowerCase()}</button>.</p>
		<p class="tools"><button type="button" class="main" onClick=${close}>Close</button></p>`;
}

function Dialog({ step, name, etag, again, close }) {
	const box = useRef(null);
	const [state, setState] = useState({});
	const consumers = useGet(step === 'restore' ? null : `${path(name)}/consumers`).answer?.data;
	const { verb, run } = STEPS[step];

	useEffect(() => {
		box.current.showModal();
	}, []);
	useEffect(() => {
		setState({});
		look();
	}, [step]);
	/* Only who was told of those who read it may delete it all the same. */
	const force = step === 'remove' && state.preview?.affectedConsumers?.length > 0;

	async function look() {
		try {
			setState({ preview: (await run(name, etag, true)).data ?? {} });
		} catch (error) {
			setState({ error });
		}
	}
	async function carryOut() {
		setState((old) => ({ ...old, busy: true }));
		try {
			const { data } = await run(name, etag, false, force);

			forget();
			setState({ result: data ?? {}, finished: true });
		} catch (error) {
			setState({ error });
		}
	}
	function leave() {
		box.current?.close();
		close(state.finished ? step : null);
	}
	return html`<dialog ref=${box} onCancel=${(event) => {
		event.preventDefault();
		leave();
	}} aria-labelledby="step">
		<h2 id="step">${verb} <code>${name}</code></h2>
		${state.error && html`<${Failed} error=${state.error} retry=${look} />`}
		${!state.preview && !state.error && !state.finished && html`<p class="quiet">Asking what this would do</p>`}
		${state.finished ? html`<${Done} step=${step} result=${state.result} name=${name} close=${leave} undo=${again} />` : html`
			${state.preview && html`<${Preview} step=${step} preview=${state.preview} name=${name}
				consumers=${consumers} />`}
			<${Confirm} step=${step} name=${name} force=${force} carryOut=${carryOut} close=${leave}
				ready=${state.preview && !state.busy} />`}
	</dialog>`;
}

/* status: of the newest version, or "deleted"; changed(step): read it again. */
export function Steward({ name, status, etag, changed }) {
	const [step, setStep] = useState(null);
	/* After a step the tag is another one. */
	const [undoing, setUndoing] = useState(false);

	if (!session.may('steward') || !OFFERED[status])
		return null;
	return html`<div class="steward">
		<p class="tools">${OFFERED[status].map((one) => html`<button type="button" key=${one}
			onClick=${() => {
		setUndoing(false);
		setStep(one);
	}}>${STEPS[one].verb}</button>`)}</p>
		${step && html`<${Dialog} step=${step} name=${name} etag=${undoing ? null : etag}
			again=${(back) => {
		setUndoing(true);
		setStep(back);
	}} close=${(last) => {
		setStep(null);
		if (last || undoing)
			changed();
	}} />`}
	</div>`;
}
