#include "tests/support/test.h"

#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "forward/bus_address.h"

static void check(const char *text, const char *expected)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct bus_address address = { 0 };
	const char *reason = bus_address_parse(&arena, text, "/run/user/7", &address);

	assert_null(reason);
	assert_string_equal(bus_address_text(&arena, &address), expected);
}

static void refuse(const char *text, const char *expected)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct bus_address address = { .name = "untouched" };
	const char *reason = bus_address_parse(&arena, text, "/run/user/7", &address);

	assert_non_null(reason);
	assert_string_equal(reason, expected);
	assert_string_equal(address.name, "untouched");
}

static void sockets_are_understood(void **state)
{
	(void)state;
	check("unix:path=/run/user/7/bus", "unix:path=/run/user/7/bus");
	check("unix:path=/run/bus,guid=0123456789abcdef0123456789abcdef", "unix:path=/run/bus");
	check("unix:guid=1,path=/run/bus", "unix:path=/run/bus");
	check("unix:abstract=/tmp/dbus-x", "unix:abstract=/tmp/dbus-x");
	check("unix:runtime=yes", "unix:path=/run/user/7/bus");
	check("unix:path=/run/a%20b%2C%c3%a9%5c\\", "unix:path=/run/a%20b%2c%c3%a9\\\\");
	check("unix:path=/run/%62us", "unix:path=/run/bus");
	check("unix:path=/run/%0a", "unix:path=/run/%0a");
}

static void the_first_socket_of_a_list_counts(void **state)
{
	(void)state;
	check("tcp:host=localhost,port=1;unix:path=/a;unix:path=/b", "unix:path=/a");
	check("unixexec:path=/bin/sh;unix:path=/a", "unix:path=/a");
	check(";;unix:path=b;unix:path=/a;", "unix:path=/a");
}

static void what_is_no_socket_is_refused(void **state)
{
	static const char *const malformed[] = {
		"unix",
		"/run/bus",
		"unix:path",
		"unix:=/a",
		"unix:path=/a%",
		"unix:path=/a%2",
		"unix:path=/a%zz",
		"unix:path=/a%00",
		"unix:path=/a b",
		"unix:path=/a\nb",
		"unix:path=/a=b",
		"unix:path=/a,,guid=1",
		"unix:runtime=no",
		"unix:path=/a,path=/b",
		"unix:path=/\xff",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(malformed); i++)
		refuse(malformed[i], "it is malformed");
	refuse("", "it is empty");
	refuse(";;", "it is empty");
	refuse("unixexec:path=/bin/sh", "it would execute a program");
	refuse("unixexec", "it would execute a program");
	refuse("tcp:host=localhost,port=1", "it is no socket of this machine");
	refuse("autolaunch:", "it is no socket of this machine");
	refuse("launchd:env=X;unix", "it is no socket of this machine");
	refuse("unix:", "it does not name one socket");
	refuse("unix:tmpdir=/tmp", "it does not name one socket");
	refuse("unix:path=/a,abstract=b", "it does not name one socket");
	refuse("unix:path=a", "its path is none");
	refuse("unix:path=", "its path is none");
	refuse("unix:path=/a/../b", "its path is none");
	refuse("unix:abstract=", "its path is none");
}

static void a_name_is_as_long_as_a_socket_may_have_it(void **state)
{
	char path[256] = "unix:path=/";
	char abstract[256] = "unix:abstract=";

	(void)state;
	memset(path + strlen(path), 'a', 106);
	memset(abstract + strlen(abstract), 'a', 107);
	check(path, path);
	check(abstract, abstract);
	path[strlen(path)] = 'a';
	abstract[strlen(abstract)] = 'a';
	refuse(path, "its path is too long for a socket");
	refuse(abstract, "its path is too long for a socket");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(sockets_are_understood),
		cmocka_unit_test(the_first_socket_of_a_list_counts),
		cmocka_unit_test(what_is_no_socket_is_refused),
		cmocka_unit_test(a_name_is_as_long_as_a_socket_may_have_it),
	};

	return cmocka_run_group_tests_name("bus_address", tests, NULL, NULL);
}
