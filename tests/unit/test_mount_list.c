#include "tests/support/test.h"

#include <errno.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "mounts/mount_list.h"

static int append(struct mount_list *list, struct arena *arena, enum mount_kind kind,
		  const char *target)
{
	return mount_list_append(list, arena,
				 &(struct mount_op) { .kind = kind, .target = target });
}

static const struct mount_op *last(const struct mount_list *list)
{
	return &list->ops[list->count - 1];
}

static void kinds_have_names_and_some_mount(void **state)
{
	(void)state;
	for (int kind = 0; kind < MOUNT_KIND_COUNT; kind++)
		assert_non_null(mount_kind_names[kind]);
	assert_string_equal(mount_kind_names[MOUNT_SYSFS], "sysfs");
	assert_false(mount_kind_is_mount(MOUNT_DIRECTORY));
	assert_false(mount_kind_is_mount(MOUNT_LINK));
	assert_false(mount_kind_is_mount(MOUNT_NODE));
	for (int kind = MOUNT_TMPFS; kind < MOUNT_KIND_COUNT; kind++)
		assert_true(mount_kind_is_mount(kind));
}

static void what_no_mount_covers_lies_in_the_layer(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct mount_list list = { 0 };

	(void)state;
	assert_int_equal(append(&list, &arena, MOUNT_DIRECTORY, "/a"), 0);
	assert_true(last(&list)->in_layer);
	assert_int_equal(append(&list, &arena, MOUNT_TMPFS, "/t"), 0);
	assert_true(last(&list)->in_layer);
	assert_false(last(&list)->must_exist);
	assert_int_equal(append(&list, &arena, MOUNT_DIRECTORY, "/t/x"), 0);
	assert_false(last(&list)->in_layer);
	assert_int_equal(append(&list, &arena, MOUNT_BIND, "/t/y"), 0);
	assert_false(last(&list)->in_layer);
	assert_false(last(&list)->must_exist);
	assert_int_equal(append(&list, &arena, MOUNT_LINK, "/tx"), 0);
	assert_true(last(&list)->in_layer);
}

static void nothing_is_made_below_a_bind(void **state)
{
	static const enum mount_kind covers[] = { MOUNT_BIND, MOUNT_PROC, MOUNT_SYSFS, MOUNT_SELF,
						  MOUNT_MASK };
	static const enum mount_kind made[] = { MOUNT_DIRECTORY, MOUNT_LINK, MOUNT_NODE };

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(covers); i++) {
		AUTO_ARENA struct arena arena = { 0 };
		struct mount_list list = { 0 };

		assert_int_equal(append(&list, &arena, covers[i], "/b"), 0);
		for (size_t j = 0; j < ARRAY_LENGTH(made); j++) {
			assert_int_equal(append(&list, &arena, made[j], "/b/x"), -EBUSY);
			assert_int_equal(append(&list, &arena, made[j], "/b"), -EBUSY);
		}
		assert_int_equal(list.count, 1);
		assert_int_equal(append(&list, &arena, MOUNT_BIND, "/b/x"), 0);
		assert_true(last(&list)->must_exist);
		assert_false(last(&list)->in_layer);
		assert_int_equal(append(&list, &arena, MOUNT_DIRECTORY, "/bx"), 0);
	}
}

static void something_of_ours_may_lie_on_a_bind(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct mount_list list = { 0 };

	(void)state;
	assert_int_equal(append(&list, &arena, MOUNT_BIND, "/b"), 0);
	assert_int_equal(append(&list, &arena, MOUNT_TMPFS, "/b/t"), 0);
	assert_true(last(&list)->must_exist);
	assert_int_equal(append(&list, &arena, MOUNT_DIRECTORY, "/b/t/x"), 0);
	assert_false(last(&list)->must_exist);
	assert_int_equal(append(&list, &arena, MOUNT_DIRECTORY, "/b/y"), -EBUSY);
}

static void covers_and_selves_need_their_target(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct mount_list list = { 0 };

	(void)state;
	assert_int_equal(append(&list, &arena, MOUNT_SELF, "/x"), 0);
	assert_true(last(&list)->must_exist);
	assert_int_equal(append(&list, &arena, MOUNT_MASK, "/y"), 0);
	assert_true(last(&list)->must_exist);
}

static void flags_and_other_fields_are_kept(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct mount_list list = { 0 };
	struct mount_op op = {
		.kind = MOUNT_BIND,
		.target = "/x",
		.source = "/s",
		.source_index = 7,
		.flags = MOUNT_NO_EXEC,
		.options = "o",
		.is_directory = true,
	};

	(void)state;
	assert_int_equal(mount_list_append(&list, &arena, &op), 0);
	assert_string_equal(list.ops[0].source, "/s");
	assert_int_equal(list.ops[0].source_index, 7);
	assert_int_equal(list.ops[0].flags, MOUNT_NO_EXEC);
	assert_string_equal(list.ops[0].options, "o");
	assert_true(list.ops[0].is_directory);
}

static void the_innermost_and_topmost_mount_covers(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct mount_list list = { 0 };

	(void)state;
	(void)append(&list, &arena, MOUNT_DIRECTORY, "/a");
	(void)append(&list, &arena, MOUNT_TMPFS, "/a/b/c");
	(void)append(&list, &arena, MOUNT_TMPFS, "/a/b");
	(void)append(&list, &arena, MOUNT_BIND, "/a/b");
	assert_null(mount_list_cover(&list, "/a"));
	assert_null(mount_list_cover(&list, "/a/bc"));
	assert_null(mount_list_cover(&list, "/"));
	assert_ptr_equal(mount_list_cover(&list, "/a/b"), &list.ops[3]);
	assert_ptr_equal(mount_list_cover(&list, "/a/b/x"), &list.ops[3]);
	assert_ptr_equal(mount_list_cover(&list, "/a/b/c/d"), &list.ops[1]);
}

static void steps_are_found_by_target(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct mount_list list = { 0 };

	(void)state;
	assert_null(mount_list_find(&list, "/a"));
	(void)append(&list, &arena, MOUNT_DIRECTORY, "/a");
	(void)append(&list, &arena, MOUNT_DIRECTORY, "/a/b");
	(void)append(&list, &arena, MOUNT_TMPFS, "/a");
	assert_ptr_equal(mount_list_find(&list, "/a"), &list.ops[2]);
	assert_null(mount_list_find(&list, "/a/b/c"));
}

static void parents_are_made_once_and_owned_in_home_only(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct mount_list list = { 0 };
	static const struct {
		const char *target;
		unsigned uid, gid;
	} expected[] = {
		{ "/home", 0, 0 },	  { "/home/jo", 7, 8 },	 { "/home/jo/a", 7, 8 },
		{ "/home/jo/a/b", 7, 8 }, { "/home/jon", 0, 0 }, { "/srv", 0, 0 },
	};

	(void)state;
	mount_list_append_parents(&list, &arena, "/home/jo/a/b/c", "/home/jo", 7, 8);
	mount_list_append_parents(&list, &arena, "/home/jo/a/b/d", "/home/jo", 7, 8);
	mount_list_append_parents(&list, &arena, "/home/jon/x", "/home/jo", 7, 8);
	mount_list_append_parents(&list, &arena, "/top", "/home/jo", 7, 8);
	mount_list_append_parents(&list, &arena, "/srv/x", NULL, 7, 8);
	assert_int_equal(list.count, ARRAY_LENGTH(expected));
	for (size_t i = 0; i < list.count; i++) {
		const struct mount_op *op = &list.ops[i];

		if (op->kind != MOUNT_DIRECTORY || strcmp(op->target, expected[i].target) != 0 ||
		    op->mode != (expected[i].uid == 0 ? 0755 : 0700) ||
		    op->uid != expected[i].uid || op->gid != expected[i].gid)
			fail_msg("step %zu: %s %u:%u", i, op->target, op->uid, op->gid);
	}
}

static void parents_stop_at_a_bind(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct mount_list list = { 0 };

	(void)state;
	(void)append(&list, &arena, MOUNT_BIND, "/p/q");
	mount_list_append_parents(&list, &arena, "/p/q/a/b/c", NULL, 0, 0);
	assert_int_equal(list.count, 2);
	assert_string_equal(list.ops[1].target, "/p");
}

static void flags_are_named(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };

	(void)state;
	assert_string_equal(mount_flags_text(&arena, 0), "");
	assert_string_equal(mount_flags_text(&arena, MOUNT_READ_ONLY), "ro");
	assert_string_equal(mount_flags_text(&arena, MOUNT_NO_EXEC), "noexec");
	assert_string_equal(mount_flags_text(&arena, MOUNT_READ_ONLY | MOUNT_NO_SUID |
							     MOUNT_NO_DEVICES | MOUNT_NO_EXEC),
			    "ro,nosuid,nodev,noexec");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds_have_names_and_some_mount),
		cmocka_unit_test(what_no_mount_covers_lies_in_the_layer),
		cmocka_unit_test(nothing_is_made_below_a_bind),
		cmocka_unit_test(something_of_ours_may_lie_on_a_bind),
		cmocka_unit_test(covers_and_selves_need_their_target),
		cmocka_unit_test(flags_and_other_fields_are_kept),
		cmocka_unit_test(the_innermost_and_topmost_mount_covers),
		cmocka_unit_test(steps_are_found_by_target),
		cmocka_unit_test(parents_are_made_once_and_owned_in_home_only),
		cmocka_unit_test(parents_stop_at_a_bind),
		cmocka_unit_test(flags_are_named),
	};

	return cmocka_run_group_tests_name("mount_list", tests, NULL, NULL);
}
