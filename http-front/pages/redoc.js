/* Starts Redoc, with the fonts that are there instead of fetched ones. */
(function () {
	'use strict';

	var fonts = 'system-ui, sans-serif';

	Redoc.init('/openapi.json', {
		hideDownloadButton: false,
		jsonSampleExpandLevel: 3,
		theme: {
			typography: {
				fontFamily: fonts,
				headings: { fontFamily: fonts }
			}
		}
	}, document.getElementById('redoc'));
})();
