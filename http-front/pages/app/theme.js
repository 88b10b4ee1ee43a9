/* Before anything is drawn: the reader's choice of light or dark, if they made one. */
(function () {
	'use strict';

	var choice = null;

	try {
		choice = localStorage.getItem('dpmeta.theme');
	} catch (refused) {
		/* A browser that keeps nothing follows the system. */
	}
	if (choice === 'light' || choice === 'dark')
		document.documentElement.dataset.theme = choice;
})();
