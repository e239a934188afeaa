#include "mounts/rootfs.h"

#include <string.h>

#include "base/array.h"
#include "base/path.h"
#include "base/text.h"

const char *const rootfs_top_level_paths[] = {
	"/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", NULL,
};

const char *const rootfs_system_link_paths[] = {
	"/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/var/run", "/var/lock", NULL,
};

/* Configuration that programs in /usr need, as far as the caller may read it. Whole directories
 * only where no private keys are kept beside it. */
const char *const rootfs_etc_paths[] = {
	"/etc/ImageMagick-6",
	"/etc/ImageMagick-7",
	"/etc/OpenCL",
	"/etc/X11",
	"/etc/alternatives",
	"/etc/bash.bashrc",
	"/etc/bash_completion.d",
	"/etc/bashrc",
	"/etc/ca-certificates",
	"/etc/ca-certificates.conf",
	"/etc/chromium.d",
	"/etc/chromium/initial_preferences",
	"/etc/chromium/master_preferences",
	"/etc/chromium/native-messaging-hosts",
	"/etc/chromium/policies/managed",
	"/etc/chromium/policies/recommended",
	"/etc/crypto-policies",
	"/etc/debian_version",
	"/etc/default/locale",
	"/etc/fish",
	"/etc/fonts",
	"/etc/gai.conf",
	"/etc/gitconfig",
	"/etc/glvnd",
	"/etc/gtk-2.0",
	"/etc/gtk-3.0",
	"/etc/gtk-4.0",
	"/etc/host.conf",
	"/etc/inputrc",
	"/etc/java-11-openjdk",
	"/etc/java-17-openjdk",
	"/etc/java-21-openjdk",
	"/etc/java-25-openjdk",
	"/etc/ld.so.cache",
	"/etc/ld.so.conf",
	"/etc/ld.so.conf.d",
	"/etc/locale.alias",
	"/etc/locale.conf",
	"/etc/localtime",
	"/etc/login.defs",
	"/etc/lsb-release",
	"/etc/magic",
	"/etc/magic.mime",
	"/etc/maven",
	"/etc/mime.types",
	"/etc/nanorc",
	"/etc/npmrc",
	"/etc/perl",
	"/etc/php",
	"/etc/pki/ca-trust",
	"/etc/pki/tls/certs",
	"/etc/pki/tls/openssl.cnf",
	"/etc/profile",
	"/etc/profile.d",
	"/etc/protocols",
	"/etc/pulse",
	"/etc/python3",
	"/etc/python3.11",
	"/etc/python3.12",
	"/etc/python3.13",
	"/etc/rpc",
	"/etc/services",
	"/etc/shells",
	"/etc/skel",
	"/etc/ssl/certs",
	"/etc/ssl/openssl.cnf",
	"/etc/terminfo",
	"/etc/timezone",
	"/etc/vim",
	"/etc/vulkan",
	"/etc/wgetrc",
	"/etc/xdg",
	"/etc/zsh",
	"/etc/zshenv",
	"/etc/zshrc",
	NULL,
};

/* Empty places that programs expect to exist. */
static const struct mount_op skeleton_ops[] = {
	{ MOUNT_DIRECTORY, "/etc", .mode = 0755 },
	{ MOUNT_DIRECTORY, "/home", .mode = 0755 },
	{ MOUNT_DIRECTORY, "/mnt", .mode = 0755 },
	{ MOUNT_DIRECTORY, "/opt", .mode = 0755 },
	{ MOUNT_DIRECTORY, "/root", .mode = 0700 },
	{ MOUNT_DIRECTORY, "/srv", .mode = 0755 },
	{ MOUNT_DIRECTORY, "/var", .mode = 0755 },
	{ MOUNT_DIRECTORY, "/var/cache", .mode = 0755 },
	{ MOUNT_DIRECTORY, "/var/lib", .mode = 0755 },
	{ MOUNT_DIRECTORY, "/var/log", .mode = 0755 },
	{ MOUNT_LINK, "/var/lock", .source = "../run/lock" },
	{ MOUNT_LINK, "/var/run", .source = "../run" },
	{ MOUNT_DIRECTORY, "/var/tmp", .mode = 01777 },
};

/* Places in a given tree whose permissions must be ours whatever they are there. */
static const struct mount_op system_ops[] = {
	{ MOUNT_DIRECTORY, "/etc", .mode = 0755 },	{ MOUNT_DIRECTORY, "/home", .mode = 0755 },
	{ MOUNT_DIRECTORY, "/root", .mode = 0700 },	{ MOUNT_DIRECTORY, "/var", .mode = 0755 },
	{ MOUNT_DIRECTORY, "/var/tmp", .mode = 01777 },
};

static void append_all(struct mount_list *list, struct arena *arena, const struct mount_op *ops,
		       size_t count)
{
	for (size_t i = 0; i < count; i++)
		(void)mount_list_append(list, arena, &ops[i]);
}

static void bind_read_only(const struct rootfs_entry *entry, struct arena *arena,
			   struct mount_list *list, struct source_list *sources)
{
	struct source source = {
		.path = entry->target,
		.kind = entry->kind == ROOTFS_DIRECTORY ? SOURCE_DIRECTORY : SOURCE_REGULAR,
	};
	struct mount_op op = {
		.kind = MOUNT_BIND,
		.target = entry->path,
		.source = entry->target,
		.source_index = source_list_add(sources, arena, &source),
		.flags = MOUNT_READ_ONLY | MOUNT_NO_SUID | MOUNT_NO_DEVICES,
		.is_directory = entry->kind == ROOTFS_DIRECTORY,
	};

	mount_list_append_parents(list, arena, op.target, NULL, 0, 0);
	(void)mount_list_append(list, arena, &op);
}

static void plan_entry(const struct rootfs_entry *entry, struct arena *arena,
		       struct mount_list *list, struct source_list *sources)
{
	struct mount_op link = {
		.kind = MOUNT_LINK,
		.target = entry->path,
		.source = entry->target,
	};

	switch (entry->kind) {
	case ROOTFS_LINK:
		mount_list_append_parents(list, arena, entry->path, NULL, 0, 0);
		(void)mount_list_append(list, arena, &link);
		break;
	case ROOTFS_DIRECTORY:
	case ROOTFS_REGULAR:
		bind_read_only(entry, arena, list, sources);
		break;
	case ROOTFS_TEXT:
		mount_list_append_parents(list, arena, entry->path, NULL, 0, 0);
		break;
	case ROOTFS_MISSING:
		break;
	}
}

void rootfs_plan(const struct rootfs_facts *facts, struct arena *arena, struct mount_list *list,
		 struct source_list *sources)
{
	static const struct rootfs_entry usr = {
		.path = "/usr",
		.kind = ROOTFS_DIRECTORY,
		.target = "/usr",
	};

	if (facts->system) {
		append_all(list, arena, system_ops, ARRAY_LENGTH(system_ops));
		return;
	}
	append_all(list, arena, skeleton_ops, ARRAY_LENGTH(skeleton_ops));
	plan_entry(&usr, arena, list, sources);
	for (size_t i = 0; i < facts->entry_count; i++)
		plan_entry(&facts->entries[i], arena, list, sources);
}

/* nofollow, off: a lower tree is somebody else's; what overlay attributes it carries are ignored.
 */
#define OVERLAY_UPPER "upperdir=upper,workdir=work,redirect_dir=nofollow,metacopy=off,index=off"

const char *rootfs_overlay_options(const struct rootfs_facts *facts)
{
	return facts->system ? "lowerdir=skeleton:system," OVERLAY_UPPER
			     : "lowerdir=skeleton," OVERLAY_UPPER;
}
