/* The Nix daemon's configuration, and /etc/group behind a NUL. */
#include <string.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "forward/nix_risk.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct caller jo = { .uid = 7, .gid = 8, .name = "jo" };
	AUTO_ARENA struct arena arena = { 0 };
	struct fuzz_strings input = fuzz_split(&arena, data, size);
	const char *content = input.count > 0 ? input.strings[0] : "", *text;
	const char *groups = input.count > 1 ? input.strings[1] : NULL;
	const struct nix_risk_groups file = { groups, groups ? strlen(groups) : 0 };
	struct nix_conf conf = { 0 }, again = { 0 };
	int r = nix_conf_parse(&arena, "/etc/nix/nix.conf", content, strlen(content), &conf);

	for (size_t i = 0; i < conf.count; i++) {
		const struct nix_conf_entry *entry = &conf.entries[i];

		fuzz_check(entry->name[0] != '\0' && !strpbrk(entry->name, "\n#"));
		fuzz_check((entry->kind == NIX_CONF_SETTING) == (entry->value != NULL));
		fuzz_check(entry->value ? !strpbrk(entry->value, "\n\t\r#")
					: path_is_normal(entry->name));
	}
	(void)nix_risk_find(&arena, &conf, &jo, &file);
	if (r < 0)
		return 0;
	/* What a client is given is a configuration, and says the same. */
	text = nix_conf_for_client(&arena, &conf);
	fuzz_check(nix_conf_parse(&arena, "/x", text, strlen(text), &again) == 0);
	fuzz_check(again.count <= conf.count);
	fuzz_check(strcmp(nix_conf_for_client(&arena, &again), text) == 0);
	return 0;
}
