/* Whom to run for. The input is an environment: SUDO_UID, PKEXEC_UID, DOAS_USER as sudo and its
 * like leave them; OPTION stands for --user, and CALLER for the real uid where we are not root. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "forward/identity.h"
#include "tests/fuzz/fuzz.h"

#define UNTOUCHED 4711U

/* The user database. */
static uid_t look_up(const char *name)
{
	static const struct {
		const char *name;
		uid_t uid;
	} users[] = { { "root", 0 }, { "jo", 1000 }, { "sam", 1001 }, { "last", UINT32_MAX - 1 } };

	for (size_t i = 0; name && i < ARRAY_LENGTH(users); i++)
		if (strcmp(users[i].name, name) == 0)
			return users[i].uid;
	return IDENTITY_NO_UID;
}

/* Digits and nothing else, and those of `uid`. */
static bool is_number_of(const char *text, uid_t uid)
{
	size_t length = strlen(text);

	return length > 0 && strspn(text, "0123456789") == length &&
	       strtoull(text, NULL, 10) == uid;
}

/* Every claim that there is names the user who was chosen. */
static void check_claims(const struct identity_claims *claims, uid_t uid)
{
	fuzz_check(claims->sudo_uid || claims->pkexec_uid || claims->doas_user ||
		   claims->user_option);
	fuzz_check(!claims->sudo_uid || is_number_of(claims->sudo_uid, uid));
	fuzz_check(!claims->pkexec_uid || is_number_of(claims->pkexec_uid, uid));
	fuzz_check(!claims->doas_user || look_up(claims->doas_user) == uid);
	fuzz_check(!claims->user_option || look_up(claims->user_option) == uid);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct fuzz_strings input = fuzz_split(&arena, data, size);
	struct diag diag = { .arena = &arena };
	const char *caller = fuzz_value(&input, "CALLER");
	struct identity_claims claims = {
		.is_root = !caller,
		.real_uid = caller ? (uid_t)strtoul(caller, NULL, 10) : 0,
		.sudo_uid = fuzz_value(&input, "SUDO_UID"),
		.pkexec_uid = fuzz_value(&input, "PKEXEC_UID"),
		.doas_user = fuzz_value(&input, "DOAS_USER"),
		.user_option = fuzz_value(&input, "OPTION"),
	};
	uid_t uid = UNTOUCHED;
	int r;

	claims.doas_user_uid = look_up(claims.doas_user);
	claims.user_option_uid = look_up(claims.user_option);
	r = identity_choose(&claims, &diag, &uid);
	fuzz_check_diag(&diag);
	fuzz_check((r < 0) == diag_has_faults(&diag));
	if (r < 0) {
		fuzz_check(r == -EINVAL && uid == UNTOUCHED);
		return 0;
	}
	fuzz_check(uid != 0);
	if (claims.is_root) {
		fuzz_check(uid != IDENTITY_NO_UID);
		check_claims(&claims, uid);
	} else {
		fuzz_check(uid == claims.real_uid);
		fuzz_check(!claims.user_option || look_up(claims.user_option) == uid);
	}
	return 0;
}
