#include "tests/support/test.h"

#include "base/cleanup.h"
#include "base/diag.h"

static void entries_keep_their_order_and_level(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct diag diag = { .arena = &arena };

	(void)state;
	assert_false(diag_has_faults(&diag));
	diag_warning(&diag, "odd %d", 1);
	assert_false(diag_has_faults(&diag));
	diag_fault(&diag, "bad '%s'", "x");
	diag_fault(&diag, "worse");
	assert_true(diag_has_faults(&diag));
	assert_int_equal(diag.count, 3);
	assert_int_equal(diag.fault_count, 2);
	assert_int_equal(diag.entries[0].level, DIAG_WARNING);
	assert_string_equal(diag.entries[0].text, "odd 1");
	assert_int_equal(diag.entries[1].level, DIAG_FAULT);
	assert_string_equal(diag.entries[1].text, "bad 'x'");
	assert_null(diag.entries[1].hint);
}

static void a_hint_belongs_to_the_last_entry(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct diag diag = { .arena = &arena };

	(void)state;
	diag_hint(&diag, "nothing to help with");
	assert_int_equal(diag.count, 0);
	diag_fault(&diag, "first");
	diag_fault(&diag, "second");
	diag_hint(&diag, "try %s", "this");
	assert_null(diag.entries[0].hint);
	assert_string_equal(diag.entries[1].hint, "try this");
}

static void a_diag_takes_many_entries(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct diag diag = { .arena = &arena };

	(void)state;
	for (int i = 0; i < 1000; i++)
		diag_fault(&diag, "fault %d", i);
	assert_int_equal(diag.fault_count, 1000);
	assert_string_equal(diag.entries[0].text, "fault 0");
	assert_string_equal(diag.entries[999].text, "fault 999");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_keep_their_order_and_level),
		cmocka_unit_test(a_hint_belongs_to_the_last_entry),
		cmocka_unit_test(a_diag_takes_many_entries),
	};

	return cmocka_run_group_tests_name("diag", tests, NULL, NULL);
}
