/* What every part of a page is made of: Preact, and HTML in templates. */
import { h, render } from './preact.module.js';
import htm from './htm.module.js';

export const html = htm.bind(h);
export { render };
export {
	useEffect, useLayoutEffect, useMemo, useRef, useState
} from './hooks.module.js';
