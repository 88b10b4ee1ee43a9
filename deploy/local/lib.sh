# What the scripts of this folder and of test/lib share; sourced by bash.
#
# PostgreSQL refuses to run as root.  So root lends its servers to a user,
# $server_user, and everyone else runs them directly.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)

say() { printf '%s\n' "dpmeta: $*"; }
die() { printf '%s\n' "dpmeta: $*" >&2; exit 1; }

# A caller's libpq settings are for the caller's servers, not for ours.
unset_libpq()
{
	local name
	for name in ${!PG*}; do
		case $name in PG_CONFIG) ;; *) unset "$name" ;; esac
	done
}

# Run a command as the user who owns the server's files.
as_server()
{
	if [ "$EUID" = 0 ]; then
		setpriv --reuid="$server_user" --regid="$(id -g "$server_user")" \
			--init-groups env HOME=/ "$@"
	else
		"$@"
	fi
}

# May the server's user enter this folder (or, if it is not there yet, its
# parent)?
server_reaches()
{
	local dir=$1
	while [ ! -e "$dir" ]; do dir=$(dirname "$dir"); done
	as_server test -x "$dir" -a -r "$dir"
}

server_user=$(id -un)
[ "$EUID" != 0 ] || server_user=postgres

# Only what has been asked for is looked up: the packages may not be there yet.
find_postgres()
{
	PG_CONFIG=$("$top/deploy/local/pg-config") && [ -n "$PG_CONFIG" ] ||
		die "no pg_config found; install PostgreSQL with its server headers," \
			"or set PG_CONFIG"
	pg_bin=$("$PG_CONFIG" --bindir)
	pg_test=$(dirname "$("$PG_CONFIG" --pgxs)")/../test
	[ -x "$pg_bin/postgres" ] || die "no PostgreSQL server in $pg_bin"
	grep -q extension_destdir "$pg_bin/postgres" ||
		die "$pg_bin/postgres lacks the setting extension_destdir, which" \
			"Debian's packages have: a private cluster cannot find an" \
			"extension that is not installed system-wide." \
			"Use make install and make installcheck with this server"
}
