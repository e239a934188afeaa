#include "base/path.h"

#include <string.h>

static bool is_dot_component(const char *component, size_t length)
{
	return (length == 1 && component[0] == '.') ||
	       (length == 2 && component[0] == '.' && component[1] == '.');
}

bool path_is_normal(const char *path)
{
	if (path[0] != '/')
		return false;
	if (path[1] == '\0')
		return true;
	for (const char *component = path + 1;;) {
		size_t length = strcspn(component, "/");

		if (length == 0 || is_dot_component(component, length))
			return false;
		if (component[length] == '\0')
			return true;
		component += length + 1;
	}
}

/* Appends the components of `path` to `result`, which holds a normal path without its NUL. */
static size_t append_components(char *result, size_t length, const char *path)
{
	while (*path) {
		size_t component_length = strcspn(path, "/");

		if (component_length == 2 && path[0] == '.' && path[1] == '.') {
			while (length > 0 && result[--length] != '/')
				;
		} else if (component_length > 0 && !is_dot_component(path, component_length)) {
			result[length++] = '/';
			memcpy(result + length, path, component_length);
			length += component_length;
		}
		path += component_length;
		path += strspn(path, "/");
	}
	return length;
}

char *path_normalize(struct arena *arena, const char *directory, const char *path)
{
	char *result = arena_alloc(arena, strlen(directory) + strlen(path) + 3);
	size_t length = 0;

	if (path[0] != '/')
		length = append_components(result, length, directory);
	length = append_components(result, length, path);
	if (length == 0)
		result[length++] = '/';
	result[length] = '\0';
	return result;
}

bool path_is_at_or_below(const char *path, const char *ancestor)
{
	size_t length = strlen(ancestor);

	if (length == 1)
		return true;
	return strncmp(path, ancestor, length) == 0 &&
	       (path[length] == '/' || path[length] == '\0');
}

bool path_is_below(const char *path, const char *ancestor)
{
	return path_is_at_or_below(path, ancestor) && strcmp(path, ancestor) != 0;
}

char *path_join(struct arena *arena, const char *directory, const char *name)
{
	return arena_printf(arena, "%s/%s", directory[1] == '\0' ? "" : directory, name);
}

char *path_parent(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == path ? arena_strdup(arena, "/")
			     : arena_strndup(arena, path, (size_t)(slash - path));
}

const char *path_name(const char *path)
{
	return strrchr(path, '/') + 1;
}
