/*
 * Which words of two texts differ.  Each comes back in pieces {text, differs}.
 */

/* The work grows with the product of the lengths. */
const MOST_WORK = 400000;

const words = (text) => text.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];

function commonStart(a, b) {
	let n = 0;

	while (n < a.length && n < b.length && a[n] === b[n])
		n++;
	return n;
}

/* How long the longest common part of what is left at (i, j) is. */
function lengths(a, b) {
	const width = b.length + 1;
	const table = new Uint32Array((a.length + 1) * width);

	for (let i = a.length - 1; i >= 0; i--)
		for (let j = b.length - 1; j >= 0; j--)
			table[i * width + j] = a[i] === b[j] ? table[(i + 1) * width + j + 1] + 1 :
				Math.max(table[(i + 1) * width + j], table[i * width + j + 1]);
	return (i, j) => table[i * width + j];
}

function add(pieces, text, differs) {
	const last = pieces[pieces.length - 1];

	if (last && last.differs === differs)
		last.text += text;
	else
		pieces.push({ text, differs });
}

function compareMiddle(a, b, before, after) {
	if (a.length * b.length > MOST_WORK) {
		a.forEach((word) => add(before, word, true));
		b.forEach((word) => add(after, word, true));
		return;
	}
	const left = lengths(a, b);
	let [i, j] = [0, 0];

	while (i < a.length || j < b.length)
		if (i < a.length && j < b.length && a[i] === b[j]) {
			add(before, a[i++], false);
			add(after, b[j++], false);
		} else if (j === b.length || (i < a.length && left(i + 1, j) >= left(i, j + 1)))
			add(before, a[i++], true);
		else
			add(after, b[j++], true);
}

export function differ(from, to) {
	const [a, b] = [words(from), words(to)];
	const start = commonStart(a, b);
	const end = commonStart(a.slice(start).reverse(), b.slice(start).reverse());
	const [before, after] = [[], []];
	const same = a.slice(0, start).join('');
	const tail = a.slice(a.length - end).join('');

	if (same) {
		add(before, same, false);
		add(after, same, false);
	}
	compareMiddle(a.slice(start, a.length - end), b.slice(start, b.length - end), before, after);
	if (tail) {
		add(before, tail, false);
		add(after, tail, false);
	}
	return { before, after };
}
