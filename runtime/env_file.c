#include "runtime/env_file.h"

#include <string.h>

#include "forward/env_list.h"

void env_file_parse(struct arena *arena, const char *path, const char *content, struct diag *diag,
		    struct variable_option **ret_variables, size_t *ret_count)
{
	struct variable_option *variables = NULL;
	size_t count = 0, number = 1;

	for (const char *line = content; *line; number++) {
		size_t length = strcspn(line, "\n"), name_length = strcspn(line, "=\n");

		if (length > 0 && line[0] != '#') {
			if (!env_name_is_valid(line, name_length)) {
				diag_fault(diag, "cannot use line %zu of '%s': not NAME=VALUE",
					   number, path);
			} else {
				variables = arena_grow(arena, variables, count, sizeof(*variables));
				variables[count++] = (struct variable_option) {
					.name = arena_strndup(arena, line, name_length),
					.value = name_length == length
							 ? NULL
							 : arena_strndup(arena,
									 line + name_length + 1,
									 length - name_length - 1),
				};
			}
		}
		line += length;
		line += *line == '\n';
	}
	*ret_variables = variables;
	*ret_count = count;
}
