#include "forward/forward.h"

#include <errno.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "base/array.h"
#include "base/path.h"
#include "base/text.h"
#include "forward/secret_places.h"
#include "mounts/api_fs.h"

extern const struct forward forward_api, forward_chromium, forward_claude, forward_dbus,
	forward_dns, forward_fonts, forward_gh, forward_git, forward_gpg_agent, forward_gpu,
	forward_keyring, forward_locale, forward_nix, forward_pipewire, forward_proxy,
	forward_pulse, forward_shm, forward_ssh, forward_ssh_agent, forward_state,
	forward_system_bus, forward_terminal, forward_tls, forward_tz, forward_wayland, forward_x11;

const struct forward *const forwards[] = {
	&forward_api,	     &forward_chromium, &forward_claude,    &forward_dbus,
	&forward_dns,	     &forward_fonts,	&forward_gh,	    &forward_git,
	&forward_gpg_agent,  &forward_gpu,	&forward_keyring,   &forward_locale,
	&forward_nix,	     &forward_pipewire, &forward_proxy,	    &forward_pulse,
	&forward_shm,	     &forward_ssh,	&forward_ssh_agent, &forward_state,
	&forward_system_bus, &forward_terminal, &forward_tls,	    &forward_tz,
	&forward_wayland,    &forward_x11,
};
const size_t forward_count = ARRAY_LENGTH(forwards);

const struct forward *forward_find(const char *name)
{
	for (size_t i = 0; i < forward_count; i++)
		if (strcmp(forwards[i]->name, name) == 0)
			return forwards[i];
	return NULL;
}

void forward_ask(struct forward_questions *questions, const char *path, size_t content)
{
	questions->items = arena_grow(questions->arena, questions->items, questions->count,
				      sizeof(*questions->items));
	questions->items[questions->count++] = (struct survey_question) {
		.path = path,
		.content = content,
		.access = true,
	};
}

const struct host_file *forward_answer(const struct host *host, const char *asked)
{
	static const struct host_file missing = { .asked = "", .error = ENOENT };

	for (size_t i = 0; i < host->file_count; i++)
		if (strcmp(host->files[i].asked, asked) == 0)
			return &host->files[i];
	return &missing;
}

const char *forward_refusal(const struct host *host, const struct forward_sink *sink,
			    const char *asked, enum source_kind kind)
{
	static const enum host_file_kind kinds[] = {
		[SOURCE_DIRECTORY] = HOST_FILE_DIRECTORY,
		[SOURCE_REGULAR] = HOST_FILE_REGULAR,
		[SOURCE_SOCKET] = HOST_FILE_SOCKET,
		[SOURCE_DEVICE] = HOST_FILE_DEVICE,
	};
	const struct host_file *file = forward_answer(host, asked);

	if (file->is_dangling)
		return arena_printf(sink->arena, "'%s' is a link to nothing", asked);
	if (file->error == ENOENT)
		return arena_printf(sink->arena, "there is no '%s'", asked);
	if (file->error != 0)
		return arena_printf(sink->arena, "'%s': %s", asked, strerror(file->error));
	if (file->kind != kinds[kind])
		return arena_printf(sink->arena, "'%s' is no %s", asked, source_kind_names[kind]);
	if (file->is_denied)
		return arena_printf(sink->arena, "'%s': %s", asked, strerror(EACCES));
	return NULL;
}

const char *forward_share(const struct host *host, const struct forward_sink *sink,
			  const char *asked, enum source_kind kind, const char *target,
			  bool read_only)
{
	const struct host_file *file = forward_answer(host, asked);
	const char *reason = forward_refusal(host, sink, asked, kind);

	if (!reason)
		forward_bind(sink, &(struct source) { .path = file->path, .kind = kind }, target,
			     read_only);
	return reason;
}

bool forward_has_etc(const struct host *host, const char *const *etc)
{
	for (size_t i = 0; i < host->rootfs.entry_count; i++)
		for (const char *const *path = etc; *path; path++)
			if (strcmp(host->rootfs.entries[i].path, *path) == 0)
				return true;
	return false;
}

/* The path of the host means the same inside: it is in /usr, or in what is taken over of /etc. */
static bool is_inside(const struct host *host, const char *path)
{
	if (host->rootfs.system || !path_is_normal(path))
		return false;
	if (path_is_below(path, "/usr"))
		return true;
	for (size_t i = 0; i < host->rootfs.entry_count; i++)
		if (path_is_at_or_below(path, host->rootfs.entries[i].path))
			return true;
	return false;
}

void forward_ask_variable(const struct host *host, struct forward_questions *questions,
			  const char *name)
{
	const char *path = environment_get(host->environment, name);

	if (path && path[0] == '/')
		forward_ask(questions, path, 0);
}

/* A variable may have come with a project. */
static bool is_too_much(const struct host *host, const char *path)
{
	/* The kernel's, and where sockets are: a read-only bind does not keep one from connecting.
	 */
	static const char *const places[] = { "/dev", "/proc", "/run", "/sys", "/tmp", "/var/run" };
	const char *runtime = environment_get(host->environment, "XDG_RUNTIME_DIR");

	for (size_t i = 0; i < ARRAY_LENGTH(places); i++)
		if (path_is_at_or_below(path, places[i]) || path_is_at_or_below(places[i], path))
			return true;
	if (runtime && path_is_normal(runtime) &&
	    (path_is_at_or_below(path, runtime) || path_is_at_or_below(runtime, path)))
		return true;
	return secret_places_meet(path, host->caller.home) != SECRET_PLACES_APART ||
	       (host->home.path &&
		secret_places_meet(path, host->home.path) != SECRET_PLACES_APART);
}

const char *forward_share_path(const struct host *host, const struct forward_sink *sink,
			       const char *asked, enum source_kind kind, const char **target)
{
	const char *reason = forward_refusal(host, sink, asked, kind);
	const char *path = forward_answer(host, asked)->path;

	if (reason)
		return reason;
	if (is_inside(host, asked) && is_inside(host, path))
		*target = asked;
	else if (is_too_much(host, path))
		return arena_printf(sink->arena, "'%s' is not to be shared", asked);
	else
		(void)forward_share(host, sink, asked, kind, *target, true);
	return NULL;
}

const char *forward_share_variable(const struct host *host, const struct forward_sink *sink,
				   const char *name, enum source_kind kind, const char *target)
{
	const char *path = environment_get(host->environment, name), *reason;

	if (!path)
		return arena_printf(sink->arena, "%s is not set", name);
	reason = forward_share_path(host, sink, path, kind, &target);
	if (reason)
		return reason;
	env_list_set(sink->env, sink->arena, name, target);
	return NULL;
}

const char *forward_runtime_directory(const struct host *host, struct arena *arena)
{
	const char *directory = environment_get(host->environment, "XDG_RUNTIME_DIR");

	if (directory && path_is_normal(directory))
		return directory;
	return api_fs_runtime_directory(arena, host->caller.uid);
}

const char *forward_runtime_path(const struct host *host, struct arena *arena, const char *name)
{
	const char *path = name;

	if (name && name[0] != '/')
		path = path_join(arena, forward_runtime_directory(host, arena), name);
	return path && path_is_normal(path) ? path : NULL;
}

void forward_mount(const struct forward_sink *sink, const struct mount_op *op)
{
	struct mount_list *binds = sink->binds;

	binds->ops = arena_grow(sink->arena, binds->ops, binds->count, sizeof(*binds->ops));
	binds->ops[binds->count++] = *op;
}

/* Opening a device for writing asks nothing of the mount; changing its mode or times does. */
static void make_usable(struct mount_op *bind, dev_t device)
{
	bind->flags = MOUNT_READ_ONLY | MOUNT_NO_SUID | MOUNT_NO_EXEC;
	bind->device_major = major(device);
	bind->device_minor = minor(device);
}

void forward_bind(const struct forward_sink *sink, const struct source *source, const char *target,
		  bool read_only)
{
	struct mount_op op = {
		.kind = MOUNT_BIND,
		.target = target,
		.source = source->path,
		.source_index = source_list_add(sink->sources, sink->arena, source),
		.flags = MOUNT_NO_SUID | MOUNT_NO_DEVICES | (read_only ? MOUNT_READ_ONLY : 0U),
		.is_directory = source->kind == SOURCE_DIRECTORY,
	};

	if (source->kind == SOURCE_DEVICE)
		make_usable(&op, source->device);
	forward_mount(sink, &op);
}

void forward_cover(const struct host *host, const struct forward_sink *sink, enum mount_kind kind,
		   const struct source *source, const char *target)
{
	struct mount_op op = {
		.kind = kind,
		.target = target,
		.source = source->path,
		.source_index = source_list_add(sink->sources, sink->arena, source),
		.flags = MOUNT_NO_SUID | MOUNT_NO_DEVICES |
			 (kind == MOUNT_GUARD ? MOUNT_READ_ONLY : 0U),
		.uid = host->caller.uid,
		.gid = host->caller.gid,
		.is_directory = true,
	};

	forward_mount(sink, &op);
}

void forward_search_path(const struct host *host, const struct forward_sink *sink,
			 const char *directory)
{
	const char *path = env_list_get(sink->env, "PATH");
	const char *last = arena_printf(sink->arena, ":%s/.local/bin", host->caller.home);
	size_t length = path ? strlen(path) : 0;

	/* Anything inside may put its own programs there: it stays the last. */
	if (path && text_ends_with(path, last))
		length -= strlen(last);
	else
		last = "";
	path = arena_printf(sink->arena, "%.*s%s%s%s", (int)length, path ? path : "",
			    length > 0 ? ":" : "", directory, last);
	env_list_set(sink->env, sink->arena, "PATH", path);
}

size_t forward_variables(const struct host *host, const struct forward_sink *sink,
			 const char *const *names, size_t count)
{
	size_t set = 0;

	for (size_t i = 0; i < count; i++) {
		const char *value = environment_get(host->environment, names[i]);

		if (!value)
			continue;
		env_list_set(sink->env, sink->arena, names[i], value);
		set++;
	}
	return set;
}
