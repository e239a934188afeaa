/* Chromium: a script in its place, so that whoever starts it gets a profile of the project's own,
 * and a policy that installs the extension by which Claude Code uses it. */
#include <string.h>

#include "base/array.h"
#include "base/path.h"
#include "forward/forward.h"

#define POLICIES "/etc/chromium/policies/managed"

/* The Web Store's id of the extension, and where the store says what is new. */
#define POLICY                                                                                   \
	"{\n"                                                                                    \
	"  \"ExtensionInstallForcelist\": [\n"                                                   \
	"    "                                                                                   \
	"\"fcoeoabgfenejglbffodgkkbkcdhcgfn;https://clients2.google.com/service/update2/crx\"\n" \
	"  ]\n"                                                                                  \
	"}\n"

/* chromium_wrapper.sh as a string. */
extern const char chromium_wrapper[];

static const char *const names[] = { "chromium", "chromium-browser" };

/* The caller's own system is asked first, then a given tree: the links in it are those inside, so
 * that one which leads nowhere outside is as good. */
static const char *const host_directories[] = { "/usr/bin" };
static const char *const tree_directories[] = { "usr/bin", "bin", "sw/bin" };

static const char *program_path(const struct host *host, struct arena *arena, const char *directory,
				const char *name)
{
	if (directory[0] != '/')
		directory = path_join(arena, host->rootfs.system, directory);
	return path_join(arena, directory, name);
}

static void ask_in(const struct host *host, struct forward_questions *questions,
		   const char *directory)
{
	for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
		forward_ask(questions, program_path(host, questions->arena, directory, names[i]),
			    0);
}

static void ask(const struct host *host, struct forward_questions *questions)
{
	for (size_t i = 0; i < ARRAY_LENGTH(host_directories); i++)
		ask_in(host, questions, host_directories[i]);
	forward_ask(questions, POLICIES, 0);
}

static void ask_further(const struct host *host, struct forward_questions *questions)
{
	for (size_t i = 0; host->rootfs.system && i < ARRAY_LENGTH(tree_directories); i++)
		ask_in(host, questions, tree_directories[i]);
}

static bool has_program(const struct host *host, struct arena *arena, const char *name)
{
	bool is_tree = host->rootfs.system != NULL;
	const char *const *directories = is_tree ? tree_directories : host_directories;
	size_t count = is_tree ? ARRAY_LENGTH(tree_directories) : ARRAY_LENGTH(host_directories);

	for (size_t i = 0; i < count; i++) {
		const char *path = program_path(host, arena, directories[i], name);
		const struct host_file *file = forward_answer(host, path);

		if (file->can_access || (is_tree && file->is_dangling))
			return true;
	}
	return false;
}

static void seed_wrapper(const struct forward_sink *sink, const char *name)
{
	struct seed seed = {
		.target = path_join(sink->arena, FORWARD_PROGRAM_DIRECTORY, name),
		.mode = 0755,
		.content = chromium_wrapper,
		.content_length = strlen(chromium_wrapper),
	};

	seed_list_append(sink->seeds, sink->arena, &seed);
}

static const char *plan(const struct host *host, const struct forward_sink *sink)
{
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
		if (!has_program(host, sink->arena, names[i]))
			continue;
		seed_wrapper(sink, names[i]);
		count++;
	}
	if (count == 0)
		return "there is no Chromium in the system";
	/* Policies of the machine's own come along as they are. */
	if (host->rootfs.system || forward_answer(host, POLICIES)->error != 0)
		seed_list_append_text(sink->seeds, sink->arena, POLICIES "/claude-sandbox.json",
				      POLICY);
	else if (sink->is_wished)
		diag_warning(sink->diag, "cannot install Claude's extension in Chromium: '" POLICIES
					 "' is the machine's own, continuing");
	return NULL;
}

const struct forward forward_chromium = {
	.name = "chromium",
	.summary = "a profile of its own, Claude's extension, no session bus",
	.ask = ask,
	.ask_further = ask_further,
	.plan = plan,
};
