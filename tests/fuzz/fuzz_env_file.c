/* The content of an --env-file. */
#include <string.h>

#include "base/cleanup.h"
#include "forward/env_list.h"
#include "runtime/env_file.h"
#include "tests/fuzz/fuzz.h"

/* Lines that must be a variable. */
static size_t count_lines(const char *content)
{
	size_t count = 0;

	while (*content) {
		size_t length = strcspn(content, "\n");

		count += length > 0 && content[0] != '#';
		content += length;
		content += *content == '\n';
	}
	return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_ARENA struct arena arena = { 0 };
	const char *content = fuzz_string(&arena, data, size);
	struct diag diag = { .arena = &arena };
	struct variable_option *variables = NULL;
	size_t count = 0, length = 0;

	env_file_parse(&arena, "/vars", content, &diag, &variables, &count);
	fuzz_check_diag(&diag);
	fuzz_check(count + diag.fault_count == count_lines(content));
	for (size_t i = 0; i < count; i++) {
		const struct variable_option *variable = &variables[i];

		fuzz_check(env_name_is_valid(variable->name, strlen(variable->name)));
		fuzz_check(!variable->value || !strchr(variable->value, '\n'));
		length += strlen(variable->name);
		length += variable->value ? strlen(variable->value) + 1 : 0;
	}
	fuzz_check(length <= strlen(content));
	return 0;
}
