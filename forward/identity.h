/* Whom the sandbox works for, from what sudo, doas or pkexec left in the environment. Pure: names
 * have been looked up already. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/diag.h"

#define IDENTITY_NO_UID ((uid_t)-1)

struct identity_claims {
	bool is_root; /* the effective uid is 0; with another real uid it is refused */
	uid_t real_uid;
	/* As found in the environment or on the command line; NULL: not set. */
	const char *sudo_uid;
	const char *pkexec_uid;
	const char *doas_user;
	const char *user_option;
	/* What the names above are in the user database; IDENTITY_NO_UID: unknown. */
	uid_t doas_user_uid;
	uid_t user_option_uid;
};

/* Root: the one uid that all claims name. Not root: the real uid. Uid 0 is never right. Returns
 * -EINVAL after adding a fault. */
int identity_choose(const struct identity_claims *claims, struct diag *diag, uid_t *ret_uid);
