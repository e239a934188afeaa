#include "tests/support/test.h"

#include <errno.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "forward/nix_conf.h"

static int parse(struct arena *arena, const char *content, struct nix_conf *conf)
{
	*conf = (struct nix_conf) { 0 };
	return nix_conf_parse(arena, "/etc/nix/nix.conf", content, strlen(content), conf);
}

static void a_line_is_a_setting_or_names_a_file(void **state)
{
	static const char content[] = "# x = y\n"
				      "\n"
				      "  trusted-users =\troot  @wheel # a = b\r\n"
				      "empty =\n"
				      "include more.conf\n"
				      "!include ../../run/secret.conf\n"
				      "include /a//b/./c\n"
				      "last = = =";
	static const struct nix_conf_entry expected[] = {
		{ NIX_CONF_SETTING, "trusted-users", "root @wheel" },
		{ NIX_CONF_SETTING, "empty", "" },
		{ NIX_CONF_INCLUDE, "/etc/nix/more.conf", NULL },
		{ NIX_CONF_OPTIONAL_INCLUDE, "/run/secret.conf", NULL },
		{ NIX_CONF_INCLUDE, "/a/b/c", NULL },
		{ NIX_CONF_SETTING, "last", "= =" },
	};
	AUTO_ARENA struct arena arena = { 0 };
	struct nix_conf conf;

	(void)state;
	assert_int_equal(parse(&arena, content, &conf), 0);
	assert_int_equal(conf.count, ARRAY_LENGTH(expected));
	for (size_t i = 0; i < conf.count; i++) {
		assert_int_equal(conf.entries[i].kind, expected[i].kind);
		assert_string_equal(conf.entries[i].name, expected[i].name);
		if (expected[i].value)
			assert_string_equal(conf.entries[i].value, expected[i].value);
		else
			assert_null(conf.entries[i].value);
	}
}

static void what_nix_does_not_take_is_not_taken(void **state)
{
	static const char *const contents[] = {
		"sandbox", "sandbox=false", "sandbox false", "sandbox =false", "= x",
		"include", "!include",	    "include a b",   "a = b\nc",
	};
	AUTO_ARENA struct arena arena = { 0 };
	struct nix_conf conf = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(contents); i++)
		if (parse(&arena, contents[i], &conf) != -EINVAL)
			fail_msg("'%s' is taken", contents[i]);
	assert_int_equal(nix_conf_parse(&arena, "/x", "a = b\0\n", 7, &conf), -EINVAL);
	assert_int_equal(parse(&arena, "", &conf), 0);
	assert_int_equal(conf.count, 0);
}

static void the_last_one_counts_and_extra_ones_are_appended(void **state)
{
	static const struct {
		const char *content;
		const char *list;
	} cases[] = {
		{ "", "first" },
		{ "names = a b", "a b" },
		{ "names = a\nnames = b", "b" },
		{ "names =", "" },
		{ "extra-names = x", "first x" },
		{ "names = a\nextra-names = x y\nextra-names = z", "a x y z" },
		{ "extra-names = x\nnames = a", "a" },
		{ "other-names = x\ninclude names", "first" },
	};
	AUTO_ARENA struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct nix_conf conf;

		assert_int_equal(parse(&arena, cases[i].content, &conf), 0);
		assert_string_equal(nix_conf_list(&arena, &conf, "names", "first"), cases[i].list);
	}
}

static void a_client_gets_what_it_needs_and_no_secrets(void **state)
{
	static const char content[] = "access-tokens = github.com=secret\n"
				      "experimental-features = nix-command  flakes\n"
				      "substituters = https://user:secret@cache.example\n"
				      "netrc-file = /etc/nix/netrc\n"
				      "include experimental-features\n"
				      "extra-experimental-features = ca-derivations\n"
				      "substitute = false\n";
	AUTO_ARENA struct arena arena = { 0 };
	struct nix_conf conf;

	(void)state;
	assert_int_equal(parse(&arena, content, &conf), 0);
	assert_string_equal(nix_conf_for_client(&arena, &conf),
			    "experimental-features = nix-command flakes\n"
			    "extra-experimental-features = ca-derivations\n"
			    "substitute = false\n");
	assert_string_equal(nix_conf_for_client(&arena, &(struct nix_conf) { 0 }), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_a_setting_or_names_a_file),
		cmocka_unit_test(what_nix_does_not_take_is_not_taken),
		cmocka_unit_test(the_last_one_counts_and_extra_ones_are_appended),
		cmocka_unit_test(a_client_gets_what_it_needs_and_no_secrets),
	};

	return cmocka_run_group_tests_name("nix_conf", tests, NULL, NULL);
}
