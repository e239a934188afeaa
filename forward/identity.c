#include "forward/identity.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

/* (uid_t)-1 means "no change" to setresuid(2) and is no user. */
#define UID_MAXIMUM (UINT32_MAX - 1ULL)

static void claim_number(const char *variable, const char *text, struct diag *diag, uid_t *ret_uid)
{
	uint64_t value;

	if (!text)
		return;
	if (text_parse_unsigned(text, UID_MAXIMUM, &value) < 0)
		diag_fault(diag, "cannot use %s='%s': not a user id", variable, text);
	else
		*ret_uid = (uid_t)value;
}

static void claim_name(const char *variable, const char *text, uid_t uid, struct diag *diag,
		       uid_t *ret_uid)
{
	if (!text)
		return;
	if (uid == IDENTITY_NO_UID)
		diag_fault(diag, "cannot use %s='%s': no such user", variable, text);
	else
		*ret_uid = uid;
}

static int choose_as_root(const struct identity_claims *claims, struct diag *diag, uid_t *ret_uid)
{
	static const char *const names[] = { "SUDO_UID", "PKEXEC_UID", "DOAS_USER", "--user" };
	uid_t uids[] = { IDENTITY_NO_UID, IDENTITY_NO_UID, IDENTITY_NO_UID, IDENTITY_NO_UID };
	size_t faults_before = diag->fault_count, chosen = 0, count = ARRAY_LENGTH(uids);

	claim_number(names[0], claims->sudo_uid, diag, &uids[0]);
	claim_number(names[1], claims->pkexec_uid, diag, &uids[1]);
	claim_name(names[2], claims->doas_user, claims->doas_user_uid, diag, &uids[2]);
	claim_name(names[3], claims->user_option, claims->user_option_uid, diag, &uids[3]);
	if (diag->fault_count > faults_before)
		return -EINVAL;

	while (chosen < count && uids[chosen] == IDENTITY_NO_UID)
		chosen++;
	if (chosen == count) {
		diag_fault(diag, "cannot tell for whom to run: started as root without sudo");
		diag_hint(diag, "name the user with --user NAME");
		return -EINVAL;
	}
	for (size_t i = chosen + 1; i < count; i++)
		if (uids[i] != IDENTITY_NO_UID && uids[i] != uids[chosen]) {
			diag_fault(diag,
				   "cannot tell for whom to run: %s names user %u, %s user %u",
				   names[chosen], uids[chosen], names[i], uids[i]);
			return -EINVAL;
		}
	*ret_uid = uids[chosen];
	return 0;
}

int identity_choose(const struct identity_claims *claims, struct diag *diag, uid_t *ret_uid)
{
	uid_t uid = claims->real_uid;
	int r;

	/* Whoever it is chose the variables that would tell for whom. */
	if (claims->is_root && claims->real_uid != 0) {
		diag_fault(diag,
			   "cannot run for user %u with the rights of root by a set-user-ID bit",
			   claims->real_uid);
		diag_hint(diag, "take the bit away (chmod u-s), and start it with sudo");
		return -EINVAL;
	}
	if (claims->is_root) {
		r = choose_as_root(claims, diag, &uid);
		if (r < 0)
			return r;
	} else if (claims->user_option && claims->user_option_uid != uid) {
		diag_fault(diag, "cannot act for user '%s': that needs root", claims->user_option);
		return -EINVAL;
	}
	if (uid == 0) {
		diag_fault(diag, "cannot run for root: nothing in the sandbox may be root outside");
		diag_hint(diag, "start it from a user's own account, or name the user with --user");
		return -EINVAL;
	}
	*ret_uid = uid;
	return 0;
}
