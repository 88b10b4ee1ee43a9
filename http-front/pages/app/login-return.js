/*
 * Where the identity provider sends a reader back to.  A login that one of our
 * pages began goes on there; any other is Swagger UI's, which has a script.
 */
(function () {
	'use strict';

	var other = document.currentScript.dataset.other;
	var given = new URLSearchParams(location.search);
	var pending = JSON.parse(sessionStorage.getItem('dpmeta.login') || 'null');
	var script;

	if (pending && !window.opener && pending.state === given.get('state')) {
		sessionStorage.setItem('dpmeta.login.answer', location.search);
		location.replace(pending.back);
		return;
	}
	script = document.createElement('script');
	script.src = other;
	document.body.appendChild(script);
})();
