/* Pages for what cannot be shown, and what to do about it. */
import { html, useEffect, useRef } from './ui.js';
import { cataloguePath, makeId, parseId, productPath } from './address.js';
import { useGet } from './api.js';
import { Time, useTitle } from './parts.js';
import { logIn, session, useSession } from './session.js';
import { Steward } from './steward.js';
import { sentence } from './words.js';

function Page({ title, children, requestId }) {
	useTitle(title);
	return html`<article class="problem"><h1>${title}</h1>${children}
		${requestId && html`<p class="quiet">If you ask for help, name this request: <code>${requestId}</code></p>`}
	</article>`;
}

export function LogIn() {
	const { error, pending } = useSession();

	if (pending)
		return html`<${Page} title="Logging in"><p>You are being sent to your identity provider.</p><//>`;
	return html`<${Page} title="Log in to see this">
		${error && html`<p role="alert">${error}</p>`}
		<p>What is in the catalogue is for people with a login. You come back to this page afterwards.</p>
		${session.canLogIn() ? html`<p><button type="button" class="main" onClick=${logIn}>Log in</button></p>` :
			html`<p>This service does not say where people log in. Whoever runs it sets
				<code>DPMETA_DOCS_CLIENT_ID</code>.</p>`}
	<//>`;
}

function Search({ name }) {
	return html`<p><a href=${cataloguePath({ q: name.replaceAll('_', ' ') })}>Search the catalogue for
		“${name.replaceAll('_', ' ')}”</a>, or go to <a href="/">the whole catalogue</a>.</p>`;
}

/* Never there: perhaps the product is, and this version or table of it is not. */
function Missing({ id, error }) {
	const { name, version, table } = parseId(id);
	const product = useGet(version || table ? `/v1/data-products/${makeId(name)}` : null);
	const what = table ? 'table' : version ? 'version' : 'data product';

	return html`<${Page} title="There is no such ${what}" requestId=${error.requestId}>
		<p><code>${id}</code> has never been registered. Look for a letter too many or too few.</p>
		${product.answer && html`<p>The data product <a href=${productPath(makeId(name))}><code>${name}</code></a> is
			there; its newest version is ${product.answer.data.version}.</p>`}
		<${Search} name=${name} />
	<//>`;
}

function Gone({ id, error, retry }) {
	const { name, version, table } = parseId(id);
	const versions = useGet(`/v1/data-products/${makeId(name)}/versions?deleted=true&limit=50`);
	const deleted = versions.answer?.data.filter((one) => one.deleted &&
		(!version || one.version === version || one.version.startsWith(`${version}.`)));
	const live = versions.answer?.data.find((one) => !one.deleted);
	const last = deleted?.[0];

	return html`<${Page} title="This ${table ? 'table' : 'data product'} was deleted" requestId=${error.requestId}>
		<p><code>${id}</code> existed, but nothing of it is live.</p>
		${last && html`<p>Its last version was ${last.version}, made by <span dir="auto">${last.actor}</span>. It was
			deleted <${Time} at=${last.deleted} />.</p>`}
		${live && html`<p>The newest live version is
			<a href=${productPath(live.id)}>${live.version}</a>.</p>`}
		<p>Its history is kept. A steward can restore it as long as nothing has taken its place.</p>
		${!live && !table && versions.answer && html`<${Steward} name=${name} status="deleted" changed=${retry} />`}
		<${Search} name=${name} />
	<//>`;
}

/* What the interface refused, as a whole page. */
export function ProblemPage({ error, id, retry }) {
	if (error.status === 401)
		return html`<${LogIn} />`;
	if (error.status === 404 && id)
		return html`<${Missing} id=${id} error=${error} />`;
	if (error.status === 410 && id)
		return html`<${Gone} id=${id} error=${error} retry=${retry} />`;
	return html`<${Page} title=${error.title ?? 'This could not be shown'} requestId=${error.requestId}>
		${error.detail && error.detail !== error.title && html`<p>${sentence(error.detail)}</p>`}
		${error.hint && html`<p>${sentence(error.hint)}</p>`}
		${error.status === 403 && html`<p>You are logged in, but your role does not allow this. Roles are given by
			whoever runs your identity provider.</p>`}
		<p>${retry && html`<button type="button" onClick=${retry}>Try again</button> `}
			<a href="/">Go to the catalogue</a></p>
	<//>`;
}

export function Nothing() {
	return html`<${Page} title="There is no such page">
		<p>Nothing is at <code>${location.pathname}</code>.</p>
		<p>Look for what you want in <a href="/">the catalogue</a>. Data products are at
			<code>/data-products/dp:NAME</code>, and the interface for programs is described in
			<a href="/docs">/docs</a>.</p>
	<//>`;
}

/* What the server wrote into the page, with the same way out as ours. */
export function Given({ problem }) {
	const place = useRef(null);

	useEffect(() => {
		place.current.replaceChildren(...problem.childNodes);
	}, [problem]);
	useTitle(problem.querySelector('h1')?.textContent);
	return html`<article class="problem"><div ref=${place}></div>
		<p><a href="/">Go to the catalogue</a></p></article>`;
}
