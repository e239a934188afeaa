#include "forward/secret_places.h"

#include <string.h>

#include "base/array.h"
#include "base/path.h"

static const char *const places[] = {
	"/.aws",
	"/.config/gh",
	"/.docker",
	"/.gnupg",
	"/.kube",
	"/.local/share/keyrings",
	"/.local/state/claude-sandbox",
	"/.password-store",
	"/.ssh",
};

enum secret_places secret_places_meet(const char *path, const char *home)
{
	const char *below;

	if (!path_is_below(path, home))
		return path_is_at_or_below(home, path) ? SECRET_PLACES_ABOVE : SECRET_PLACES_APART;
	below = strcmp(home, "/") == 0 ? path : path + strlen(home);
	for (size_t i = 0; i < ARRAY_LENGTH(places); i++) {
		if (path_is_at_or_below(below, places[i]))
			return SECRET_PLACES_WITHIN;
		if (path_is_below(places[i], below))
			return SECRET_PLACES_ABOVE;
	}
	return SECRET_PLACES_APART;
}
