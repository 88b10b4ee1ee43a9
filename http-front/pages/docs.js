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

	ui.initOAuth({
		clientId: place.dataset.client,
		scopes: scopes,
		usePkceWithAuthorizationCodeGrant: true
	});
})();
