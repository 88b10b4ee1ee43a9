/*
 * The platform's health.  Each picture's title is what it shows, each bar has its
 * figure beside it and leads to the list that it counts.
 */
import { html } from './ui.js';
import { cataloguePath, makeId, productPath } from './address.js';
import { useGet } from './api.js';
import { Failed, Time, useTitle } from './parts.js';
import { ProblemPage } from './problem.js';
import { count, day, number } from './words.js';

const STATUSES = ['published', 'draft', 'retired'];

const sum = (values) => values.reduce((total, value) => total + value, 0);
const byCount = (a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1);

function percent(part, whole) {
	if (whole === 0)
		return '0 %';
	const value = 100 * part / whole;

	/* Neither is said of what is not quite so. */
	if (value > 0 && value < 1)
		return 'less than 1 %';
	if (value > 99 && value < 100)
		return 'more than 99 %';
	return `${Math.round(value)} %`;
}

/* Parts of a whole, one after the other; the rail is the longest there is. */
function Bar({ parts, most }) {
	let start = 0;
	const drawn = parts.filter((part) => part.value > 0).map((part) => {
		const width = 100 * part.value / Math.max(most, 1);
		const x = start;

		start += width;
		return html`<rect key=${part.name} class=${`fill ${part.name}`} x=${x} y="0" width=${width} height="16" />`;
	});

	return html`<svg viewBox="0 0 100 16" preserveAspectRatio="none" aria-hidden="true">
		<rect class="rail" x="0" y="0" width="100" height="16" />${drawn}</svg>`;
}

/* rows: {name, link, values}, each a WHAT; columns: what each of the values is. */
function Bars({ label, what, columns, rows, kinds = [] }) {
	const most = Math.max(0, ...rows.map((row) => sum(row.drawn ?? row.values)));

	return html`<table class="bars"><caption class="aloud">${label}</caption><thead class=${columns.length > 1 ? '' : 'aloud'}>
		<tr><th scope="col">${what}</th><td class="bar"></td>${columns.map((column) => html`
			<th scope="col" class="number" key=${column}>${column}</th>`)}</tr></thead><tbody>
		${rows.map((row) => html`<tr key=${row.name}>
			<th scope="row" title=${row.name}>${row.link ? html`<a href=${row.link}>${row.name}</a>` : row.name}</th>
			<td class="bar"><${Bar} most=${row.most ?? most}
				parts=${(row.drawn ?? row.values).map((value, i) => ({ name: kinds[i] ?? '', value }))} /></td>
			${row.values.map((value, i) => html`<td class="number" key=${columns[i]}>${number(value)}</td>`)}
			${row.share && html`<td class="number share">${row.share}</td>`}
		</tr>`)}
	</tbody></table>`;
}

function Section({ title, counts, children }) {
	return html`<section><h2>${title}</h2><p class="quiet">${counts}</p>${children}</section>`;
}

function Domains({ products }) {
	const rows = Object.entries(products.byDomainAndStatus).map(([domain, statuses]) => ({
		name: domain, link: cataloguePath({ domain }),
		values: STATUSES.map((status) => statuses[status] ?? 0)
	})).sort((a, b) => sum(b.values) - sum(a.values) || (a.name < b.name ? -1 : 1));
	const [first] = rows;
	const title = !first ? 'There are no data products yet' : rows.length === 1 ?
		`All data products are of ${first.name}` :
		`${first.name} has the most data products, ${number(sum(first.values))} of ${number(products.live)}`;

	return html`<${Section} title=${title} counts="Live data products, by domain and status.">
		<${Bars} label="Data products by domain and status" what="Domain" columns=${STATUSES} kinds=${STATUSES} rows=${rows} /><//>`;
}

function Statuses({ products }) {
	const rows = Object.entries(products.byStatus).sort(byCount).map(([status, n]) => ({
		name: status, link: cataloguePath({ status }), values: [n], share: percent(n, products.live), kind: status
	}));
	const published = products.byStatus.published ?? 0;

	return html`<${Section} title=${`${percent(published, products.live)} of the data products are published`}
		counts="Live data products, by status.">
		<${Bars} label="Data products by status" what="Status" columns=${['products']} rows=${rows} /><//>`;
}

function Line({ weeks, member, most, width, height, kind, label }) {
	const x = (i) => width * i / (weeks.length - 1);
	const y = (value) => height - height * value / Math.max(most, 1);
	const last = weeks[weeks.length - 1][member];

	return html`<path class=${kind && `line-${kind}`} d=${weeks.map((week, i) =>
		`${i === 0 ? 'M' : 'L'}${x(i).toFixed(1)},${y(week[member]).toFixed(1)}`).join(' ')} />
		<circle class=${kind} cx=${x(weeks.length - 1)} cy=${y(last)} r="3" />
		<text class=${kind} x=${width + 8} y=${Math.min(y(last) + 4 - (kind ? 0 : 4), height + (kind ? 4 : -12))}
			>${number(last)} ${label}</text>`;
}

function Weeks({ changes }) {
	const weeks = changes.perWeek;
	const all = sum(weeks.map((week) => week.versions));
	const breaking = sum(weeks.map((week) => week.breaking));
	const most = Math.max(1, ...weeks.map((week) => week.versions));
	const [width, height] = [420, 120];
	const title = all === 0 ? 'No version was made in 12 weeks' : breaking === 0 ?
		`None of the ${count(all, 'version')} of 12 weeks broke its readers` :
		`${number(breaking)} of the ${count(all, 'version')} of 12 weeks broke ${breaking === 1 ? 'its' : 'their'} readers`;

	return html`<${Section} title=${title}
		counts=${html`Versions made in each week (UTC), and those that break readers. <a
			href=${cataloguePath({ sort: 'changed' })}>See the latest</a>`}>
		<svg class="weeks" viewBox="-28 -8 548 152" role="img" aria-label=${`Versions a week: ${weeks.map((week) =>
		`${day(week.week)} ${week.versions}, breaking ${week.breaking}`).join('; ')}`}>
			<line x1="0" y1=${height} x2=${width} y2=${height} /><line x1="0" y1="0" x2=${width} y2="0" />
			<text x="-6" y="4" text-anchor="end">${number(most)}</text>
			<text x="-6" y=${height + 4} text-anchor="end">0</text>
			<text x="0" y=${height + 20}>${day(weeks[0].week)}</text>
			<text x=${width} y=${height + 20} text-anchor="end">this week</text>
			<${Line} weeks=${weeks} member="versions" most=${most} width=${width} height=${height} kind="" label="versions" />
			<${Line} weeks=${weeks} member="breaking" most=${most} width=${width} height=${height} kind="major" label="breaking" />
		</svg>
		<details><summary>The figures</summary><table><thead><tr><th scope="col">Week from</th>
			<th scope="col" class="number">Versions</th><th scope="col" class="number">Breaking</th></tr></thead><tbody>
			${[...weeks].reverse().map((week) => html`<tr key=${week.week}><th scope="row">${day(week.week)}</th>
				<td class="number">${number(week.versions)}</td><td class="number">${number(week.breaking)}</td></tr>`)}
		</tbody></table></details><//>`;
}

const LOADED = {
	lastDay: 'in the last 24 hours', lastWeek: 'in the last 7 days', lastMonth: 'in the last 30 days',
	before: 'before that', never: 'never reported'
};

function Loads({ products }) {
	const { loaded } = products;
	const published = sum(Object.values(loaded));
	const fresh = loaded.lastDay + loaded.lastWeek;
	const rows = Object.entries(LOADED).map(([member, words]) => ({
		name: words, values: [loaded[member]], share: percent(loaded[member], published),
		link: member === 'never' ? cataloguePath({ problem: 'published and never loaded' }) : null
	}));

	return html`<${Section} title=${published === 0 ? 'Nothing is published yet' :
		`${number(fresh)} of ${count(published, 'published data product')} ${fresh === 1 ? 'was' : 'were'} loaded within a week`}
		counts="Published data products, by when a pipeline last reported a load.">
		<${Bars} label="Published data products by their last load" what="Last load" columns=${['products']} rows=${rows} /><//>`;
}

function Documentation({ columns }) {
	const rows = columns.leastDocumented.map((one) => ({
		name: one.dataProduct, link: productPath(makeId(one.dataProduct)),
		values: [one.withoutDescription], share: `of ${number(one.columns)}`
	}));

	return html`<${Section} title=${columns.total === 0 ? 'There are no columns yet' :
		`${percent(columns.withoutDescription, columns.total)} of the columns have no description`}
		counts=${`${number(columns.withoutDescription)} of ${count(columns.total, 'column')} of the newest versions. The data
			products with the most of them:`}>
		<${Bars} label="Columns without a description, by data product" what="Data product" columns=${['without']} rows=${rows} /><//>`;
}

function Problems({ problems }) {
	const rows = Object.entries(problems).sort(byCount).map(([problem, n]) => ({
		name: problem, values: [n], link: cataloguePath({ problem })
	}));
	const [first] = rows;

	return html`<${Section} title=${first ? `Most to do: ${number(first.values[0])} data products are ${first.name}`
		.replace('are no ', 'have no ') : 'Nothing is left to do'}
		counts="What an owner or a steward should see to, by how many data products it is true of.">
		<${Bars} label="Problems" what="Problem" columns=${['products']} rows=${rows} /><//>`;
}

export function Dashboard() {
	const answer = useGet('/v1/stats');
	const stats = answer.answer?.data;

	useTitle('Dashboard');
	if (answer.error && !stats)
		return html`<${ProblemPage} error=${answer.error} retry=${answer.retry} />`;
	if (!stats)
		return null;
	const { products, versions, changes, tables, columns, problems } = stats;
	const counted = new Date(answer.answer.headers.get('Date') ?? Date.now()).toISOString();

	return html`<div class=${`dashboard ${answer.stale ? 'stale' : ''}`}>
		<header>
			<h1>${count(products.live, 'data product')}, ${count(tables.total, 'table')}, ${count(columns.total, 'column')}</h1>
			<p class="quiet">${count(versions.total, 'version')} in all, ${number(changes.last7Days)} of them in the last 7 days;
				${' '}${count(products.deleted, 'data product')} deleted. Counted <${Time} at=${counted} />.
				${' '}<button type="button" class="plain" onClick=${answer.retry}>Count again</button></p>
			${answer.error && html`<${Failed} ...${answer} />`}
		</header>
		<${Problems} problems=${problems} />
		<${Weeks} changes=${changes} />
		<${Domains} products=${products} />
		<${Documentation} columns=${columns} />
		<${Statuses} products=${products} />
		<${Loads} products=${products} />
	</div>`;
}
