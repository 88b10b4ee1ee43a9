/*
 * A column's type as a tree: {name, children: [{label, type}]}.
 *
 * The store keeps types in canonical spelling, with no blanks, so that a comma
 * or a bracket outside of inner brackets is where a part ends.
 */

function splitOutside(text, separator) {
	const parts = [];
	let depth = 0;
	let start = 0;

	for (let i = 0; i < text.length; i++) {
		if (text[i] === '<' || text[i] === '(')
			depth++;
		else if (text[i] === '>' || text[i] === ')')
			depth--;
		else if (text[i] === separator && depth === 0) {
			parts.push(text.slice(start, i));
			start = i + 1;
		}
	}
	parts.push(text.slice(start));
	return parts;
}

function field(text) {
	const colon = text.indexOf(':');

	return { label: text.slice(0, colon), type: parseType(text.slice(colon + 1)) };
}

export function parseType(text) {
	const open = text.indexOf('<');

	if (open < 0)
		return { name: text, children: [] };
	const name = text.slice(0, open);
	const parts = splitOutside(text.slice(open + 1, -1), ',');

	if (name === 'struct')
		return { name, children: parts.map(field) };
	if (name === 'map')
		return {
			name,
			children: [{ label: 'key', type: parseType(parts[0]) },
				{ label: 'value', type: parseType(parts[1]) }]
		};
	return { name, children: [{ label: 'element', type: parseType(parts[0]) }] };
}

/* What it is in a word or two, before it is opened. */
export function typeOutline(type) {
	if (type.name === 'struct')
		return `struct of ${type.children.length}`;
	if (type.name === 'map')
		return `map of ${typeOutline(type.children[0].type)} to ${typeOutline(type.children[1].type)}`;
	if (type.name === 'array')
		return `array of ${typeOutline(type.children[0].type)}`;
	return type.name;
}
