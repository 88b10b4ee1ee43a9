/* Starts Swagger UI; dpmeta-http put the login's settings into the page. */
(function () {
	'use strict';

	var place = document.getElementById('docs');
	var scopes = place.dataset.scope.split(' ').filter(Boolean);
	var ui = SwaggerUIBundle({
		domNode: place,
		url: '/openapi.json',
		oauth2RedirectUrl: location.origin + '/oauth2-redirect',
		presets: [SwaggerUIBundle.presets.apis],
		layout: 'BaseLayout',
		deepLinking: true,
		displayRequestDuration: true,
		filter: true,
		persistAuthorization: false,
		requestSnippetsEnabled: true,
		tryItOutEnabled: false,
		validatorUrl: null
	});

	/* Swagger UI gives the choice of servers no name that a screen reader can say. */
	new MutationObserver(function () {
		var servers = place.querySelector('select#servers:not([aria-label])');

		if (servers)
			servers.setAttribute('aria-label', 'Server');
	}).observe(place, { childList: true, subtree: true });

	ui.initOAuth({
		clientId: place.dataset.client,
		scopes: scopes,
		usePkceWithAuthorizationCodeGrant: true
	});
})();
