#include "init/identity.h"

#include <errno.h>
#include <stdint.h>

#include "base/text.h"

/* One below (uid_t)-1. */
#define ID_MAX (UINT32_MAX - 1u)

static int id_parse(const char *word, uint32_t *ret_id)
{
	uint64_t value = 0;
	int r = text_parse_unsigned(word, ID_MAX, &value);

	if (r == 0)
		*ret_id = (uint32_t)value;
	return r;
}

int identity_parse(const char *const *words, size_t count, struct identity *ret_identity)
{
	struct identity identity = { 0 };
	int r;

	if (count < 2)
		return -EINVAL;
	if (count - 2 > IDENTITY_GROUPS_MAX)
		return -E2BIG;

	r = id_parse(words[0], &identity.uid);
	if (r < 0)
		return r;
	if (identity.uid == 0)
		return -EINVAL;
	r = id_parse(words[1], &identity.gid);
	if (r < 0)
		return r;
	for (size_t i = 2; i < count; i++) {
		r = id_parse(words[i], &identity.groups[identity.group_count++]);
		if (r < 0)
			return r;
	}
	*ret_identity = identity;
	return 0;
}
