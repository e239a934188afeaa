/* Where keys and the like are kept in a home: whoever has these is the caller elsewhere, or in
 * other sandboxes. Pure. */
#pragma once

enum secret_places {
	SECRET_PLACES_APART,
	SECRET_PLACES_WITHIN, /* it is such a place, or in one */
	SECRET_PLACES_ABOVE,  /* it holds one */
};

/* How `path` lies to those in `home`; both normal. */
enum secret_places secret_places_meet(const char *path, const char *home);
