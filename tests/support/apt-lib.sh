# shellcheck shell=bash
# Debian packages that are looked up and fetched, but not installed: apt with sources, lists, state and
# cache of its own below one directory. The machine's apt knows nothing of it; only the address of the
# mirror is taken from there, and its proxy. For scripts of tests that need parts of some release.

apt_keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# os_release FIELD: of the system we run on.
os_release() {
	sed -n "s/^$1=\"\{0,1\}\([^\"]*\)\"\{0,1\}\$/\1/p" /etc/os-release
}

# Sets `apt_archive` and, where the machine has one, `apt_security`: the mirrors it uses itself. Without
# package lists it does not know which of its sources are Debian's.
apt_find_mirrors() {
	local label uri

	apt_archive='' apt_security=''
	while read -r label uri; do
		case $label in
		Debian) apt_archive=${apt_archive:-$uri} ;;
		Debian-Security) apt_security=${apt_security:-$uri} ;;
		esac
	done < <(apt-get indextargets --format '$(LABEL) $(REPO_URI)' 'Created-By: Packages' 'Origin: Debian')
	apt_archive=${apt_archive:-http://deb.debian.org/debian}
}

# apt_open DIRECTORY SUITE: what follows is about the packages of that release, with its security
# updates where the machine has a mirror of those.
apt_open() {
	local suite=$2

	apt_directory=$(realpath -m "$1")
	mkdir -p "$apt_directory"/{lists,archives}/partial
	# Nothing counts as installed: what is fetched is complete.
	: >"$apt_directory/status"
	apt_find_mirrors
	{
		echo "deb [signed-by=$apt_keyring] $apt_archive $suite main"
		[ -z "$apt_security" ] ||
			echo "deb [signed-by=$apt_keyring] $apt_security $suite-security main"
	} >"$apt_directory/sources.list"
	apt_do apt-get -qq update
}

# apt_do COMMAND ARGUMENT...: one of apt's commands there. The archive's directory may be closed to the
# user that apt would fetch as.
apt_do() {
	"$1" -o Dir::Etc::SourceList="$apt_directory/sources.list" -o Dir::Etc::SourceParts=/dev/null \
		-o Dir::State="$apt_directory" -o Dir::State::Lists="$apt_directory/lists" \
		-o Dir::State::Status="$apt_directory/status" -o Dir::Cache="$apt_directory" \
		-o Dir::Cache::Archives="$apt_directory/archives" -o APT::Sandbox::User=root \
		-o APT::Update::Error-Mode=any "${@:2}"
}

# apt_unpack DIRECTORY: of all that was fetched.
apt_unpack() {
	local package

	for package in "$apt_directory"/archives/*.deb; do
		dpkg-deb -x "$package" "$1"
	done
}
