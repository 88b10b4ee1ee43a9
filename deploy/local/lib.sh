# What the scripts of this folder and of test/lib share; sourced by bash.
#
# PostgreSQL refuses to run as root.  So root lends its servers to a user,
# $server_user, and everyone else runs them directly.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
server_user=$(id -un)
[ "$EUID" != 0 ] || server_user=postgres

say() { printf '%s\n' "dpmeta: $*"; }
warn() { say "$@" >&2; }
die() { warn "$@"; exit 1; }

# quietly NAME COMMAND...: what it prints goes to a log, which an error names.
# Of a compiler's warnings nobody is spared.
quietly()
{
	local log=$top/build/log/$1.log
	shift
	mkdir -p "${log%/*}"
	if "$@" >"$log" 2>&1 </dev/null; then
		grep -E -A 3 'warning: ' "$log" >&2 || true
		return 0
	fi
	grep -E -m 10 -A 3 'error: |^E: ' "$log" >&2 || tail -n 15 "$log" >&2
	warn "\"$*\" failed; the whole of what it said is in $log"
	return 1
}

# A caller's libpq settings are for the caller's servers, not for ours.
unset_libpq()
{
	local name
	for name in ${!PG*}; do
		case $name in PG_CONFIG) ;; *) unset "$name" ;; esac
	done
}

# Run a command as the server's user; the first argument is options of setpriv.
# With exec=exec it takes the place of this shell.
as_server_with()
{
	local options=$1
	shift
	[ "$EUID" != 0 ] || options="$options --reuid=$server_user
		--regid=$(id -g "$server_user") --init-groups"
	case $options in
		'') ${exec:-} "$@" ;;
		*) ${exec:-} setpriv $options -- env HOME=/ "$@" ;;
	esac
}

as_server() { as_server_with '' "$@"; }

# May the server's user enter this folder or, when it is not there yet, its
# nearest ancestor?
server_reaches()
{
	local dir=$1
	while [ ! -e "$dir" ]; do dir=$(dirname "$dir"); done
	as_server test -x "$dir" -a -r "$dir" 2>/dev/null
}

# Looked up only where needed, for the packages may not be there yet.
find_postgres()
{
	PG_CONFIG=$("$top/deploy/local/pg-config") && [ -n "$PG_CONFIG" ] ||
		die "no pg_config found: install PostgreSQL with its server headers," \
			"or set PG_CONFIG"
	pg_bin=$("$PG_CONFIG" --bindir)
	pg_test=$(dirname "$("$PG_CONFIG" --pgxs)")/../test
	[ -x "$pg_bin/postgres" ] || die "no PostgreSQL server in $pg_bin"
	grep -qE 'extension_(destdir|control_path)' "$pg_bin/postgres" ||
		die "$pg_bin/postgres lacks the setting extension_destdir, which" \
			"Debian's packages before 18 have, and extension_control_path," \
			"which 18 has: a private cluster cannot find an extension that is" \
			"not installed system-wide." \
			"Use make install and make installcheck with this server"
}

# stage_settings STAGE: lines NAME=VALUE, by which a server finds what is staged.
stage_settings()
{
	if grep -q extension_destdir "$pg_bin/postgres"; then
		echo "extension_destdir=$1"
	else
		echo "extension_control_path=$1$("$PG_CONFIG" --sharedir):\$system"
		echo "dynamic_library_path=$1$("$PG_CONFIG" --pkglibdir):\$libdir"
	fi
}

# As lines of postgresql.conf.
stage_configuration() { stage_settings "$1" | sed "s/=\(.*\)/ = '\1'/"; }

# Where the private cluster of make run lives: $home.
find_home()
{
	home=$(realpath -m "${DPMETA_HOME:-$top/.dpmeta}")
	[ "$EUID" = 0 ] || return 0
	# One that a plain user made stays that user's.
	[ ! -d "$home/data" ] || server_user=$(stat -c %U "$home/data")
	server_reaches "$home" && return
	[ -z "${DPMETA_HOME:-}" ] ||
		die "the user $server_user, who runs the server for root, cannot" \
			"reach DPMETA_HOME=$home"
	home=/var/lib/dpmeta/$(basename "$top")-$(cksum <<<"$top" | cut -d' ' -f1)
}
