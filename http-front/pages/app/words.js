/* How facts are said to a reader. */

const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const EXACT = new Intl.DateTimeFormat('en-GB', {
	dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC'
});
const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
const NUMBER = new Intl.NumberFormat('en');
const STEPS = [
	['year', 365 * 86400], ['month', 30 * 86400], ['week', 7 * 86400],
	['day', 86400], ['hour', 3600], ['minute', 60]
];

/* What the interface says ends without a full stop, or with one. */
export const sentence = (text) => /[.!?]$/.test(text) ? text : `${text}.`;

export const number = (value) => NUMBER.format(value);

export function count(value, one, many = `${one}s`) {
	return `${number(value)} ${value === 1 ? one : many}`;
}

export const exactTime = (time) => `${EXACT.format(new Date(time))} UTC`;
export const day = (time) => DAY.format(new Date(time));

/* "3 days ago" */
export function ago(time, now = Date.now()) {
	const seconds = (new Date(time) - now) / 1000;
	const step = STEPS.find(([, length]) => Math.abs(seconds) >= length);

	return step ? RELATIVE.format(Math.trunc(seconds / step[1]), step[0]) : 'just now';
}

export function days(value) {
	const years = value / 365;

	if (value >= 365 && Number.isInteger(years))
		return `${count(years, 'year')} (${count(value, 'day')})`;
	return count(value, 'day');
}

/* v1.10 comes after v1.9. */
export function compareVersions(one, other) {
	const [a, b] = [one, other].map((v) => v.slice(1).split('.').map(Number));

	return a[0] - b[0] || a[1] - b[1];
}

const KINDS = {
	major: 'breaking', minor: 'compatible', initial: 'first',
	deletion: 'deletion', restoration: 'restoration', none: 'no change'
};

export const kindWord = (kind) => KINDS[kind] ?? kind;

const MEMBERS = {
	description: 'description',
	domain: 'domain',
	dataProductOwner: 'owner',
	dataProductOwnerDisplayName: 'name of the owner',
	dataProductMaintainer: 'maintainer',
	dataProductMaintainerDisplayName: 'name of the maintainer',
	email: 'contact',
	status: 'status',
	retentionPeriod: 'retention period',
	dpiaRequired: 'need for an impact assessment',
	tags: 'tags'
};
const SHORT = 60;

export const memberWord = (member) => MEMBERS[member] ?? member;

/* A value in a line, or null when it is too long for one. */
function brief(value) {
	if (value === null || value === undefined || value === '')
		return 'nothing';
	if (typeof value === 'boolean')
		return value ? 'yes' : 'no';
	if (typeof value === 'number')
		return number(value);
	return typeof value === 'string' && value.length <= SHORT ? value : null;
}

function fromTo(subject, change) {
	const [from, to] = [brief(change.from), brief(change.to)];

	return from !== null && to !== null ? `${subject} changed from ${from} to ${to}` :
		`${subject} changed`;
}

function turned(subject, change, on, off) {
	return `${subject} is ${change.to ? on : off}`;
}

const inTable = (change) => `${change.column} of ${change.table}`;
const atPath = (change) => `${change.path ?? change.column} of ${change.table}`;

const SENTENCES = {
	'data-product-registered': () => 'Registered',
	'metadata-changed': (c) => fromTo(`The ${memberWord(c.member)}`, c),
	'fact-reported': (c) => fromTo(`The ${memberWord(c.member)}`, c),
	'table-added': (c) => `Table ${c.table} added`,
	'table-removed': (c) => `Table ${c.table} removed`,
	'table-description-changed': (c) => `The description of table ${c.table} changed`,
	'table-tags-changed': (c) => `The tags of table ${c.table} changed`,
	'column-added': (c) => `Column ${inTable(c)} added`,
	'column-removed': (c) => `Column ${inTable(c)} removed`,
	'column-renamed': (c) => `Column ${brief(c.from)} of ${c.table} renamed to ${brief(c.to) ?? c.column}`,
	'column-type-changed': (c) => fromTo(`The type of ${atPath(c)}`, c),
	'column-description-changed': (c) => `The description of ${inTable(c)} changed`,
	'column-tags-changed': (c) => `The tags of ${inTable(c)} changed`,
	'column-required-changed': (c) => turned(`Column ${inTable(c)}`, c, 'now required', 'no longer required'),
	'column-primary-key-changed': (c) =>
		turned(`Column ${inTable(c)}`, c, 'now part of the key', 'no longer part of the key'),
	'column-partition-changed': (c) =>
		turned(`Column ${inTable(c)}`, c, 'now a partition', 'no longer a partition'),
	'columns-reordered': (c) => `The order of the columns of ${c.table} changed`,
	'field-added': (c) => `Field ${atPath(c)} added`,
	'field-removed': (c) => `Field ${atPath(c)} removed`,
	'fields-reordered': (c) => `The order of the fields of ${atPath(c)} changed`,
	'version-deleted': (c) => `Version ${c.version} deleted`,
	'version-restored': (c) => `Version ${c.version} restored`
};

export function changeSentence(change) {
	const sentence = SENTENCES[change.change];

	return sentence ? sentence(change) : change.change.replaceAll('-', ' ');
}

const BESIDE = {};				/* a value that is shown elsewhere */
const CHANGED = ['metadata-changed', 'fact-reported', 'column-type-changed'];

/* The same where what was and what is stand beside it. */
export function changeTitle(change) {
	return changeSentence(CHANGED.includes(change.change) && change.columnFrom === undefined ?
		{ ...change, from: BESIDE, to: BESIDE } : change);
}

/* The breaking ones first, otherwise in their order. */
export function breakingFirst(changes) {
	return [...changes].sort((a, b) => (b.kind === 'major') - (a.kind === 'major'));
}

/* Of a version in its line of time: what changed, in a sentence. */
export function summary(version) {
	const told = breakingFirst(version.changes).slice(0, 2).map(changeSentence);
	const rest = version.changeCount - told.length;

	if (version.kind === 'initial')
		return 'Registered';
	if (told.length === 0)
		return 'Nothing that is listed changed';
	return told.map((one, i) => i === 0 ? one : one[0].toLowerCase() + one.slice(1)).join('; ') + (rest > 0 ? `; and ${count(rest, 'more change')}` : '');
}

/* "2 breaking, 3 compatible changes" */
export function countChanges(breaking, all) {
	const compatible = all - breaking;

	if (all === 0)
		return 'no changes';
	if (breaking === 0)
		return `${count(compatible, 'compatible change')}, none that breaks`;
	if (compatible === 0)
		return count(breaking, 'breaking change');
	return `${number(breaking)} breaking, ${count(compatible, 'compatible change')}`;
}
