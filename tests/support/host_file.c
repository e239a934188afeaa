#include "tests/support/host_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/fd.h"
#include "base/path.h"
#include "base/text.h"
#include "forward/env_list.h"
#include "forward/forward.h"
#include "runtime/plan.h"
#include "tests/support/escape.h"

/* A file may include one that includes one, and so on. */
#define INCLUDES_MAXIMUM 4

/* What the file says of one path. */
struct fact {
	const char *path;
	const char *real;
	const char *content;
	size_t length;
	enum host_file_kind kind;
	int error;
	bool can_access;
	bool is_foreign;
	bool is_node;
	struct host_file node; /* what only a device has */
};

struct reader {
	struct arena *arena;
	struct host *host;
	const char *path; /* of the file being read */
	size_t depth;
	const char *working_directory;
	const char *claude;
	struct fact *facts;
	size_t fact_count;
	struct rootfs_facts host_facts; /* of the host's own root */
	struct rootfs_facts tree_facts; /* of a given tree */
	struct env_list environment;
};

static int complain(const struct reader *reader, const char *key, const char *value)
{
	(void)fprintf(stderr, "%s: cannot use '%s=%s'\n", reader->path, key, value);
	return -EINVAL;
}

/* Cuts `value` at the first `separator`. Returns what follows it, or NULL. */
static char *cut(char *value, const char *separator)
{
	char *found = strstr(value, separator);

	if (!found)
		return NULL;
	*found = '\0';
	return found + strlen(separator);
}

static void add_fact(struct reader *reader, const struct fact *fact)
{
	reader->facts = arena_grow(reader->arena, reader->facts, reader->fact_count,
				   sizeof(*reader->facts));
	reader->facts[reader->fact_count++] = *fact;
}

static int set_file(struct reader *reader, const char *key, char *value)
{
	static const struct {
		const char *key;
		enum host_file_kind kind;
		bool can_access;
	} keys[] = {
		{ "directory", HOST_FILE_DIRECTORY, true },
		{ "closed-directory", HOST_FILE_DIRECTORY, false },
		{ "regular", HOST_FILE_REGULAR, false },
		{ "program", HOST_FILE_REGULAR, true },
		{ "socket", HOST_FILE_SOCKET, false },
		{ "device", HOST_FILE_DEVICE, false },
		{ "fifo", HOST_FILE_OTHER, false },
	};
	const char *real = cut(value, " -> ");
	struct fact fact = { .path = value, .real = real ? real : value };

	for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
		if (strcmp(keys[i].key, key) != 0)
			continue;
		fact.kind = keys[i].kind;
		fact.can_access = keys[i].can_access;
		if (!path_is_normal(fact.path) || !path_is_normal(fact.real))
			return -EINVAL;
		add_fact(reader, &fact);
		return 0;
	}
	return -ENOENT;
}

/* PATH MAJOR:MINOR MODE UID:GID, then `granted` by an access control list, or `denied`. */
// NOLINTNEXTLINE(readability-non-const-parameter)
static int set_node(struct reader *reader, const char *key, char *value)
{
	unsigned major, minor, mode, uid, gid;
	char *rest = cut(value, " "), word[16] = "";

	(void)key;
	if (!rest)
		return -EINVAL;
	// NOLINTNEXTLINE(cert-err34-c): a test's own words
	if (sscanf(rest, "%u:%u %o %u:%u %15s", &major, &minor, &mode, &uid, &gid, word) < 5)
		return -EINVAL;
	add_fact(reader, &(struct fact) {
				 .path = value,
				 .real = value,
				 .kind = HOST_FILE_DEVICE,
				 .is_node = true,
				 .node = {
					 .device = makedev(major, minor),
					 .mode = mode,
					 .owner = uid,
					 .group = gid,
					 .is_granted = strcmp(word, "granted") == 0,
					 .is_denied = strcmp(word, "denied") == 0,
				 },
			 });
	return 0;
}

static int set_device_group(struct reader *reader, const char *key, char *value)
{
	struct caller_groups *groups = &reader->host->caller.device_groups;
	const char *text = cut(value, " ");
	uint64_t gid;

	(void)key;
	if (!text || text_parse_unsigned(text, UINT32_MAX, &gid) < 0)
		return -EINVAL;
	groups->items =
		arena_grow(reader->arena, groups->items, groups->count, sizeof(*groups->items));
	groups->items[groups->count++] = (struct caller_group) { .name = value, .gid = (gid_t)gid };
	return 0;
}

static int set_error(struct reader *reader, const char *key, char *value)
{
	static const struct {
		const char *name;
		int error;
	} names[] = {
		{ "EACCES", EACCES }, { "EIO", EIO },	  { "ELOOP", ELOOP },
		{ "ENOENT", ENOENT }, { "ENXIO", ENXIO }, { "ENOTDIR", ENOTDIR },
		{ "ESTALE", ESTALE },
	};
	const char *path = cut(value, " ");

	(void)key;
	for (size_t i = 0; path && i < ARRAY_LENGTH(names); i++) {
		if (strcmp(names[i].name, value) != 0)
			continue;
		add_fact(reader, &(struct fact) { .path = path, .error = names[i].error });
		return 0;
	}
	return -EINVAL;
}

static int set_text(struct reader *reader, const char *key, char *value)
{
	const char *content = cut(value, " ");
	bool has_nul = strcmp(key, "text-with-nul") == 0;

	content = content ? content : "";
	add_fact(reader, &(struct fact) {
				 .path = value,
				 .real = value,
				 .content = content,
				 .length = strlen(content) + has_nul,
				 .kind = HOST_FILE_REGULAR,
			 });
	return path_is_normal(value) ? 0 : -EINVAL;
}

/* The line before says what it is. */
// NOLINTNEXTLINE(readability-non-const-parameter)
static int set_foreign(struct reader *reader, const char *key, char *value)
{
	(void)key;
	for (size_t i = reader->fact_count; i > 0; i--)
		if (strcmp(reader->facts[i - 1].path, value) == 0) {
			reader->facts[i - 1].is_foreign = true;
			return 0;
		}
	return -EINVAL;
}

static bool is_in(const char *const *list, const char *path)
{
	while (*list && strcmp(*list, path) != 0)
		list++;
	return *list != NULL;
}

static void add_entry(struct reader *reader, struct rootfs_facts *facts,
		      const struct rootfs_entry *entry)
{
	facts->entries = arena_grow(reader->arena, facts->entries, facts->entry_count,
				    sizeof(*facts->entries));
	facts->entries[facts->entry_count++] = *entry;
}

static int set_rootfs(struct reader *reader, const char *key, char *value)
{
	static const char *const kinds[] = {
		[ROOTFS_MISSING] = "rootfs-missing",	 [ROOTFS_LINK] = "rootfs-link",
		[ROOTFS_DIRECTORY] = "rootfs-directory", [ROOTFS_REGULAR] = "rootfs-regular",
		[ROOTFS_TEXT] = "rootfs-text",
	};
	struct rootfs_entry entry = { .path = value };
	bool has_text;

	while (strcmp(kinds[entry.kind], key) != 0)
		entry.kind++;
	has_text = entry.kind == ROOTFS_LINK || entry.kind == ROOTFS_TEXT;
	entry.target = cut(value, has_text ? " " : " -> ");
	if (!entry.target && has_text)
		return -EINVAL;
	if (entry.kind == ROOTFS_TEXT)
		entry.content = entry.target;
	if (entry.kind == ROOTFS_TEXT || !entry.target)
		entry.target = value;
	if (!is_in(rootfs_top_level_paths, value) && !is_in(rootfs_etc_paths, value))
		return -EINVAL;
	add_entry(reader, &reader->host_facts, &entry);
	return 0;
}

static int set_tree_link(struct reader *reader, const char *key, char *value)
{
	struct rootfs_entry entry = { .path = value, .kind = ROOTFS_LINK };

	(void)key;
	entry.target = cut(value, " ");
	if (!entry.target || !is_in(rootfs_system_link_paths, value))
		return -EINVAL;
	add_entry(reader, &reader->tree_facts, &entry);
	return 0;
}

/* One of a table, like its neighbours. */
// NOLINTNEXTLINE(readability-non-const-parameter)
static int set_string(struct reader *reader, const char *key, char *value)
{
	const struct {
		const char *key;
		const char **string;
	} strings[] = {
		{ "user", &reader->host->caller.name },
		{ "home", &reader->host->caller.home },
		{ "shell", &reader->host->shell },
		{ "working-directory", &reader->working_directory },
		{ "machine-id", &reader->host->machine_id },
		{ "claude", &reader->claude },
	};

	for (size_t i = 0; i < ARRAY_LENGTH(strings); i++)
		if (strcmp(strings[i].key, key) == 0)
			*strings[i].string = value;
	return 0;
}

static int set_id(struct reader *reader, const char *key, char *value)
{
	uint64_t number;

	if (text_parse_unsigned(value, UINT32_MAX, &number) < 0)
		return -EINVAL;
	if (strcmp(key, "uid") == 0)
		reader->host->caller.uid = (uid_t)number;
	else
		reader->host->caller.gid = (gid_t)number;
	return 0;
}

static int set_streams(struct reader *reader, const char *key, char *value)
{
	static const char *const names[] = { "stdin", "stdout", "stderr" };
	bool *flags = strcmp(key, "terminal") == 0 ? reader->host->is_terminal
						   : reader->host->is_directory;

	for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
		flags[i] = strstr(value, names[i]) != NULL;
	return 0;
}

static int set_environment(struct reader *reader, const char *key, char *value)
{
	const char *text = cut(value, "=");

	(void)key;
	if (!text)
		return -EINVAL;
	env_list_set(&reader->environment, reader->arena, value, text);
	return 0;
}

static int read_lines(struct reader *reader, const char *path);

static int set_include(struct reader *reader, const char *key, char *value)
{
	const char *outer = reader->path;
	const char *slash = strrchr(outer, '/');
	const char *path = arena_printf(reader->arena, "%.*s/%s", slash ? (int)(slash - outer) : 1,
					slash ? outer : ".", value);
	int r;

	(void)key;
	if (++reader->depth > INCLUDES_MAXIMUM)
		return -EINVAL;
	r = read_lines(reader, path);
	reader->depth--;
	reader->path = outer;
	return r;
}

static int set_line(struct reader *reader, char *key, char *value)
{
	static const struct {
		const char *key;
		int (*set)(struct reader *reader, const char *key, char *value);
	} keys[] = {
		{ "include", set_include },
		{ "uid", set_id },
		{ "gid", set_id },
		{ "user", set_string },
		{ "home", set_string },
		{ "shell", set_string },
		{ "working-directory", set_string },
		{ "machine-id", set_string },
		{ "claude", set_string },
		{ "terminal", set_streams },
		{ "directory-stream", set_streams },
		{ "environment", set_environment },
		{ "device-group", set_device_group },
		{ "error", set_error },
		{ "foreign", set_foreign },
		{ "node", set_node },
		{ "text", set_text },
		{ "text-with-nul", set_text },
		{ "rootfs-missing", set_rootfs },
		{ "rootfs-link", set_rootfs },
		{ "rootfs-directory", set_rootfs },
		{ "rootfs-regular", set_rootfs },
		{ "rootfs-text", set_rootfs },
		{ "tree-link", set_tree_link },
	};

	for (size_t i = 0; i < ARRAY_LENGTH(keys); i++)
		if (strcmp(keys[i].key, key) == 0)
			return keys[i].set(reader, key, value);
	return set_file(reader, key, value);
}

static int read_lines(struct reader *reader, const char *path)
{
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text, *line;
	size_t length;

	reader->path = path;
	if (fd < 0 || fd_read_all(reader->arena, fd, 1024UL * 1024, &text, &length) < 0) {
		(void)fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return -EINVAL;
	}
	while ((line = strsep(&text, "\n"))) {
		char *value = line[0] == '\0' || line[0] == '#' ? NULL : cut(line, "=");
		char *plain = value ? escape_undo(reader->arena, value) : NULL;

		if (line[0] == '\0' || line[0] == '#')
			continue;
		if (!plain || set_line(reader, line, plain) < 0)
			return complain(reader, line, value ? value : "");
	}
	return 0;
}

static const struct fact *find_fact(const struct reader *reader, const char *asked)
{
	const char *path = path_normalize(reader->arena, reader->working_directory, asked);

	for (size_t i = reader->fact_count; i > 0; i--)
		if (strcmp(reader->facts[i - 1].path, path) == 0)
			return &reader->facts[i - 1];
	return NULL;
}

static struct host_file look_at(const struct reader *reader, const char *asked)
{
	const struct fact *fact = find_fact(reader, asked);
	struct host_file node;

	if (!fact || fact->error != 0)
		return (struct host_file) {
			.asked = asked,
			.error = fact ? fact->error : ENOENT,
		};
	if (fact->is_node) {
		node = fact->node;
		node.asked = asked;
		node.path = fact->real;
		node.kind = fact->kind;
		return node;
	}
	return (struct host_file) {
		.asked = asked,
		.path = fact->real,
		.kind = fact->kind,
		.is_link = strcmp(fact->real, fact->path) != 0,
		.can_access = fact->can_access,
		.is_denied = fact->kind == HOST_FILE_DIRECTORY && !fact->can_access,
		.owner = fact->is_foreign ? 0 : reader->host->caller.uid,
		.content = fact->content,
		.content_length = fact->length,
	};
}

static struct host_text look_into(const struct reader *reader, const char *asked)
{
	const struct fact *fact = find_fact(reader, asked);
	struct host_text text = { .path = asked, .error = fact ? fact->error : ENOENT };

	if (text.error == 0) {
		text.content = fact->content;
		text.length = fact->length;
	}
	return text;
}

/* In the order in which the probe looks. Of two lines for a path the later one counts. */
static void answer_rootfs(struct reader *reader, const struct rootfs_facts *known,
			  const char *const *paths)
{
	for (; *paths; paths++)
		for (size_t i = known->entry_count; i > 0; i--) {
			const struct rootfs_entry *entry = &known->entries[i - 1];

			if (strcmp(entry->path, *paths) != 0)
				continue;
			if (entry->kind != ROOTFS_MISSING)
				add_entry(reader, &reader->host->rootfs, entry);
			break;
		}
}

static void answer_fixed(struct reader *reader)
{
	struct host *host = reader->host;
	const char *home = host->caller.home;

	host->home = look_at(reader, home);
	host->claude_directory = look_at(reader, path_join(reader->arena, home, ".claude"));
	host->claude_settings = look_at(reader, path_join(reader->arena, home, ".claude.json"));
	host->resolv_conf = look_into(reader, "/etc/resolv.conf");
	host->hosts = look_into(reader, "/etc/hosts");
	host->os_release = look_into(reader, "/etc/os-release");
}

static void answer_environment(struct reader *reader)
{
	const struct env_list *list = &reader->environment;
	char **environment = arena_alloc(reader->arena, (list->count + 1) * sizeof(*environment));
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++)
		if (list->entries[i].value[0] != '\0')
			environment[count++] =
				arena_printf(reader->arena, "%s=%s", list->entries[i].name,
					     list->entries[i].value);
	reader->host->environment = environment;
}

static void answer_options(struct reader *reader, const struct options *options)
{
	struct host *host = reader->host;

	host->project = look_at(reader, options->project);
	if (options->system) {
		host->system = look_at(reader, options->system);
		host->rootfs.system = host->system.path;
		answer_rootfs(reader, &reader->tree_facts, rootfs_system_link_paths);
	} else {
		answer_rootfs(reader, &reader->host_facts, rootfs_top_level_paths);
		answer_rootfs(reader, &reader->host_facts, rootfs_etc_paths);
	}
	if (options->claude)
		host->claude = look_at(reader, options->claude);
	else if (reader->claude && strcmp(reader->claude, "none") != 0)
		host->claude = look_at(reader, reader->claude);
	else
		host->claude = (struct host_file) { .asked = "claude", .error = ENOENT };

	host->bind_sources =
		arena_alloc(reader->arena, options->bind_count * sizeof(*host->bind_sources));
	for (size_t i = 0; i < options->bind_count; i++)
		host->bind_sources[i] = look_at(reader, options->binds[i].source);
	host->environment_files = arena_alloc(reader->arena, options->environment_file_count *
								     sizeof(struct host_text));
	for (size_t i = 0; i < options->environment_file_count; i++)
		host->environment_files[i] = look_into(reader, options->environment_files[i]);
}

static void answer_forwards(struct reader *reader, const struct options *options, bool further)
{
	struct forward_questions questions = { .arena = reader->arena };
	struct host *host = reader->host;

	for (size_t i = 0; i < forward_count; i++) {
		void (*ask)(const struct host *, struct forward_questions *) =
			further ? forwards[i]->ask_further : forwards[i]->ask;

		if (ask && plan_has_forward(options, forwards[i]))
			ask(host, &questions);
	}
	for (size_t i = 0; i < questions.count; i++) {
		host->files = arena_grow(reader->arena, host->files, host->file_count,
					 sizeof(*host->files));
		host->files[host->file_count++] = look_at(reader, questions.items[i].path);
	}
}

int host_file_read(struct arena *arena, const char *path, const struct options *options,
		   struct host *ret_host)
{
	struct host host = {
		.is_root = true,
		.has_landlock_scopes = true,
		.node_name = "machine",
		.dbus_proxy = "/usr/bin/xdg-dbus-proxy",
	};
	struct reader reader = { .arena = arena, .host = &host };

	if (read_lines(&reader, path) < 0)
		return -EINVAL;
	if (host.shell && strcmp(host.shell, "none") == 0)
		host.shell = NULL;
	if (!host.caller.home || !host.caller.name || !host.machine_id ||
	    !reader.working_directory) {
		(void)fprintf(stderr, "%s: not a whole host\n", path);
		return -EINVAL;
	}
	answer_fixed(&reader);
	answer_environment(&reader);
	answer_options(&reader, options);
	answer_forwards(&reader, options, false);
	answer_forwards(&reader, options, true);
	*ret_host = host;
	return 0;
}
