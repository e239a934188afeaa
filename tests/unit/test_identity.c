#include "tests/support/test.h"

#include <errno.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "forward/identity.h"

#define NOBODY IDENTITY_NO_UID

struct identity_case {
	const char *what;
	struct identity_claims claims;
	uid_t expected; /* NOBODY: refused */
	size_t faults;
};

#define ROOT .is_root = true, .doas_user_uid = NOBODY, .user_option_uid = NOBODY
#define USER(uid) .real_uid = (uid), .doas_user_uid = NOBODY, .user_option_uid = NOBODY

/* clang-format off */
/* One line a case reads best. */
static const struct identity_case cases[] = {
	{ "sudo", { ROOT, .sudo_uid = "1000" }, 1000, 0 },
	{ "pkexec", { ROOT, .pkexec_uid = "1001" }, 1001, 0 },
	{ "doas", { .is_root = true, .doas_user = "jo", .doas_user_uid = 1002, .user_option_uid = NOBODY }, 1002, 0 },
	{ "--user", { .is_root = true, .user_option = "jo", .user_option_uid = 1003, .doas_user_uid = NOBODY }, 1003, 0 },
	{ "nothing", { ROOT }, NOBODY, 1 },
	{ "all agree", { true, 0, "7", "7", "jo", "jo", 7, 7 }, 7, 0 },
	{ "sudo and pkexec disagree", { ROOT, .sudo_uid = "7", .pkexec_uid = "8" }, NOBODY, 1 },
	{ "sudo and doas disagree", { true, 0, "7", NULL, "jo", NULL, 8, NOBODY }, NOBODY, 1 },
	{ "pkexec and doas disagree", { true, 0, NULL, "7", "jo", NULL, 8, NOBODY }, NOBODY, 1 },
	{ "--user disagrees with sudo", { true, 0, "7", NULL, NULL, "jo", NOBODY, 8 }, NOBODY, 1 },
	{ "--user disagrees with doas", { true, 0, NULL, NULL, "jo", "al", 7, 8 }, NOBODY, 1 },
	{ "the last of three disagrees", { true, 0, "7", "7", "jo", NULL, 8, NOBODY }, NOBODY, 1 },
	{ "sudo by root", { ROOT, .sudo_uid = "0" }, NOBODY, 1 },
	{ "sudo by root for a user", { true, 0, "0", NULL, NULL, "jo", NOBODY, 7 }, NOBODY, 1 },
	{ "pkexec by root", { ROOT, .pkexec_uid = "0" }, NOBODY, 1 },
	{ "doas by root", { true, 0, NULL, NULL, "root", NULL, 0, NOBODY }, NOBODY, 1 },
	{ "--user root", { true, 0, NULL, NULL, NULL, "root", NOBODY, 0 }, NOBODY, 1 },
	{ "zero in a longer form", { ROOT, .sudo_uid = "00" }, NOBODY, 1 },
	{ "a leading zero", { ROOT, .sudo_uid = "0010" }, 10, 0 },
	{ "empty", { ROOT, .sudo_uid = "" }, NOBODY, 1 },
	{ "empty beside another", { ROOT, .sudo_uid = "7", .pkexec_uid = "" }, NOBODY, 1 },
	{ "minus one", { ROOT, .sudo_uid = "-1" }, NOBODY, 1 },
	{ "minus one unsigned", { ROOT, .sudo_uid = "4294967295" }, NOBODY, 1 },
	{ "minus one beside another", { true, 0, "4294967295", NULL, NULL, "jo", NOBODY, 7 }, NOBODY, 1 },
	{ "the greatest uid", { ROOT, .sudo_uid = "4294967294" }, 4294967294U, 0 },
	{ "wraps to zero", { ROOT, .sudo_uid = "4294967296" }, NOBODY, 1 },
	{ "wraps to a user", { ROOT, .sudo_uid = "4294968296" }, NOBODY, 1 },
	{ "wraps in 64 bits", { ROOT, .sudo_uid = "18446744073709552616" }, NOBODY, 1 },
	{ "blank before", { ROOT, .sudo_uid = " 0" }, NOBODY, 1 },
	{ "blank before a user", { ROOT, .sudo_uid = " 7" }, NOBODY, 1 },
	{ "blank after", { ROOT, .sudo_uid = "7 " }, NOBODY, 1 },
	{ "newline after", { ROOT, .sudo_uid = "7\n" }, NOBODY, 1 },
	{ "plus", { ROOT, .sudo_uid = "+1" }, NOBODY, 1 },
	{ "hexadecimal", { ROOT, .pkexec_uid = "0x3e8" }, NOBODY, 1 },
	{ "a name", { ROOT, .sudo_uid = "jo" }, NOBODY, 1 },
	{ "unknown doas user", { true, 0, NULL, NULL, "nobody-here", NULL, NOBODY, NOBODY }, NOBODY, 1 },
	{ "empty doas user", { true, 0, NULL, NULL, "", NULL, NOBODY, NOBODY }, NOBODY, 1 },
	{ "unknown --user", { true, 0, NULL, NULL, NULL, "nobody-here", NOBODY, NOBODY }, NOBODY, 1 },
	{ "unknown --user beside sudo", { true, 0, "7", NULL, NULL, "nobody-here", NOBODY, NOBODY }, NOBODY, 1 },
	{ "everything is wrong", { true, 0, "x", "y", "z", "w", NOBODY, NOBODY }, NOBODY, 4 },
	{ "set-user-ID root", { ROOT, .real_uid = 1000 }, NOBODY, 1 },
	{ "set-user-ID root, with a claim", { ROOT, .real_uid = 1000, .sudo_uid = "7" }, NOBODY, 1 },
	{ "set-user-ID root, with a claim of oneself", { ROOT, .real_uid = 1000, .sudo_uid = "1000" }, NOBODY, 1 },
	{ "set-user-ID root, and everything else wrong", { true, 1000, "x", "y", "z", "w", NOBODY, NOBODY }, NOBODY, 1 },

	{ "a user", { USER(1000) }, 1000, 0 },
	{ "a user's sudo variables do not count", { USER(1000), .sudo_uid = "7", .pkexec_uid = "0" }, 1000, 0 },
	{ "nor do broken ones", { USER(1000), .sudo_uid = "x", .doas_user = "root" }, 1000, 0 },
	{ "a user who names themself", { .real_uid = 1000, .user_option = "jo", .user_option_uid = 1000, .doas_user_uid = NOBODY }, 1000, 0 },
	{ "a user who names another", { .real_uid = 1000, .user_option = "al", .user_option_uid = 1001, .doas_user_uid = NOBODY }, NOBODY, 1 },
	{ "a user who names root", { .real_uid = 1000, .user_option = "root", .user_option_uid = 0, .doas_user_uid = NOBODY }, NOBODY, 1 },
	{ "a user who names nobody", { .real_uid = 1000, .user_option = "x", .user_option_uid = NOBODY, .doas_user_uid = NOBODY }, NOBODY, 1 },
	{ "real uid 0 without its powers", { USER(0) }, NOBODY, 1 },
};
/* clang-format on */

static void one_user_is_chosen_or_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		AUTO_ARENA struct arena arena = { 0 };
		struct diag diag = { .arena = &arena };
		uid_t uid = NOBODY;
		int r = identity_choose(&cases[i].claims, &diag, &uid);

		if (uid != cases[i].expected || diag.fault_count != cases[i].faults ||
		    r != (cases[i].expected == NOBODY ? -EINVAL : 0))
			fail_msg("case %zu, %s: uid %u, %zu faults, %d", i, cases[i].what, uid,
				 diag.fault_count, r);
	}
}

static void earlier_faults_do_not_refuse_an_identity(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct diag diag = { .arena = &arena };
	struct identity_claims claims = { ROOT, .sudo_uid = "1000" };
	uid_t uid = NOBODY;

	(void)state;
	diag_fault(&diag, "something else");
	assert_int_equal(identity_choose(&claims, &diag, &uid), 0);
	assert_int_equal(uid, 1000);
}

static void faults_name_the_claims(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct diag diag = { .arena = &arena };
	struct identity_claims conflict = { true, 0, "7", NULL, "jo", NULL, 8, NOBODY };
	struct identity_claims none = { ROOT };
	uid_t uid = NOBODY;

	(void)state;
	(void)identity_choose(&conflict, &diag, &uid);
	assert_string_equal(diag.entries[0].text,
			    "cannot tell for whom to run: SUDO_UID names user 7, DOAS_USER user 8");
	(void)identity_choose(&none, &diag, &uid);
	assert_string_equal(diag.entries[1].hint, "name the user with --user NAME");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_user_is_chosen_or_none),
		cmocka_unit_test(earlier_faults_do_not_refuse_an_identity),
		cmocka_unit_test(faults_name_the_claims),
	};

	return cmocka_run_group_tests_name("identity", tests, NULL, NULL);
}
