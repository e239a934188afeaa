/* policy-compile x86_64|aarch64 FILE
 *
 * Makes the programs of all policies for one architecture and writes them to FILE, as C. It runs
 * when claude-sandbox is built, so that a start neither loads libseccomp nor waits for it. The only
 * file that includes libseccomp.
 *
 * The library translates between architectures by the names of calls, and its release may be older
 * than our table. So it is never asked to: the other architecture's numbers are compiled as if they
 * were the builder's own, and then the one constant that names the architecture is replaced. Both
 * architectures are little-endian with 64-bit arguments, which is all that libseccomp makes of
 * them. (On x86-64 it also sends numbers from the x32 bit up to the same answer as those of other
 * architectures; no policy has such a number on either architecture, so this changes nothing.) */
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/array.h"
#include "init/policy_program.h"
#include "init/policy_table.h"

/* linux/audit.h */
static const struct {
	const char *name;
	uint32_t token;
} architectures[] = {
	[POLICY_X86_64] = { "x86_64", 0xc000003eu },
	[POLICY_AARCH64] = { "aarch64", 0xc00000b7u },
};

/* linux/bpf_common.h: load a word of struct seccomp_data; jump if equal. */
#define CODE_LOAD 0x20
#define CODE_JUMP_EQUAL 0x15
/* Its offset of the architecture. */
#define OFFSET_ARCHITECTURE 4

#define INSTRUCTIONS_MAX 4096

/* A program in the making. */
struct compiler {
	enum policy_architecture architecture;
	enum policy policy;
	scmp_filter_ctx context;
};

static _Noreturn void fail(const char *what, const char *name, int error)
{
	(void)fprintf(stderr, "policy-compile: cannot %s '%s': %s\n", what, name, strerror(error));
	exit(1);
}

static const char *target(const struct compiler *compiler)
{
	return architectures[compiler->architecture].name;
}

static void compiler_begin(struct compiler *compiler, uint32_t default_action)
{
	int r;

	compiler->context = seccomp_init(default_action);
	if (!compiler->context)
		fail("begin for", target(compiler), ENOMEM);
	r = seccomp_attr_set(compiler->context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(ENOSYS));
	/* A binary tree of the numbers. */
	r = r ?: seccomp_attr_set(compiler->context, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (r < 0)
		fail("set up for", target(compiler), -r);
}

static void compiler_add(struct compiler *compiler, const char *name, uint32_t action,
			 const struct policy_condition *conditions, size_t count)
{
	const struct policy_call *call = policy_call_find(name);
	struct scmp_arg_cmp compares[POLICY_CONDITIONS_MAX];
	unsigned used = 0;
	int r;

	if (!call)
		fail("find", name, ENOENT);
	if (call->numbers[compiler->architecture] < 0)
		return;
	for (size_t i = 0; i < count; i++)
		if (conditions[i].mask != 0)
			compares[used++] = SCMP_CMP64(conditions[i].argument, SCMP_CMP_MASKED_EQ,
						      conditions[i].mask, conditions[i].value);
	r = seccomp_rule_add_exact_array(compiler->context, action,
					 call->numbers[compiler->architecture], used, compares);
	if (r < 0)
		fail("add a rule for", name, -r);
}

static void add_calls(struct compiler *compiler)
{
	for (size_t i = 0; i < policy_call_count; i++) {
		const struct policy_call *call = &policy_calls[i];

		/* What is absent has the same answer as what is unknown. */
		if (call->verdict == VERDICT_REFUSED)
			compiler_add(compiler, call->name, SCMP_ACT_ERRNO(EPERM), NULL, 0);
		else if (call->verdict != VERDICT_ABSENT)
			compiler_add(compiler, call->name, SCMP_ACT_ALLOW, NULL, 0);
	}
}

static void add_nested_calls(struct compiler *compiler)
{
	for (size_t i = 0; i < policy_call_count; i++)
		if (policy_calls[i].verdict == VERDICT_NESTED && compiler->policy != POLICY_NESTED)
			compiler_add(compiler, policy_calls[i].name, SCMP_ACT_ERRNO(EPERM), NULL,
				     0);
}

static void add_rules(struct compiler *compiler)
{
	for (size_t i = 0; i < policy_rule_count; i++) {
		const struct policy_rule *rule = &policy_rules[i];

		if (rule->policies & (1u << compiler->policy))
			compiler_add(compiler, rule->call, SCMP_ACT_ERRNO((uint32_t)rule->error),
				     rule->conditions, POLICY_CONDITIONS_MAX);
	}
}

static void name_architecture(const struct compiler *compiler,
			      struct policy_instruction *instructions, size_t count)
{
	size_t found = 0;

	for (size_t i = 0; i + 1 < count; i++) {
		if (instructions[i].code != CODE_LOAD || instructions[i].k != OFFSET_ARCHITECTURE)
			continue;
		if (instructions[i + 1].code != CODE_JUMP_EQUAL ||
		    instructions[i + 1].k != seccomp_arch_native())
			fail("name the architecture", target(compiler), EINVAL);
		instructions[i + 1].k = architectures[compiler->architecture].token;
		found++;
	}
	if (found != 1)
		fail("find the place of the architecture", target(compiler), EINVAL);
}

/* Ends the program and prints it as an array. */
static void compiler_finish(struct compiler *compiler, const char *name)
{
	static struct policy_instruction instructions[INSTRUCTIONS_MAX];
	int fd = memfd_create("policy", MFD_CLOEXEC);
	int r = fd < 0 ? -errno : seccomp_export_bpf(compiler->context, fd);
	ssize_t size = r < 0 ? r : pread(fd, instructions, sizeof(instructions), 0);
	size_t count = (size_t)size / sizeof(instructions[0]);

	if (size <= 0 || size == sizeof(instructions))
		fail("export for", target(compiler), r < 0 ? -r : EFBIG);
	seccomp_release(compiler->context);
	(void)close(fd);
	name_architecture(compiler, instructions, count);
	printf("\nstatic const struct policy_instruction %s[%zu] = {\n", name, count);
	for (size_t i = 0; i < count; i++)
		printf("\t{ 0x%02x, %u, %u, 0x%xu },\n", instructions[i].code,
		       instructions[i].jump_true, instructions[i].jump_false, instructions[i].k);
	printf("};\n");
}

/* Of all policies together: what only some of them refuse, their other program does. */
static void print_numbers(enum policy_architecture architecture)
{
	struct compiler compiler = { .architecture = architecture };

	compiler_begin(&compiler, SCMP_ACT_ERRNO(ENOSYS));
	add_calls(&compiler);
	compiler_finish(&compiler, "numbers");
}

static void print_arguments(enum policy_architecture architecture, enum policy policy)
{
	struct compiler compiler = { .architecture = architecture, .policy = policy };
	char name[32];

	(void)snprintf(name, sizeof(name), "arguments_%d", policy);
	compiler_begin(&compiler, SCMP_ACT_ALLOW);
	add_nested_calls(&compiler);
	add_rules(&compiler);
	compiler_finish(&compiler, name);
}

static void print_all(enum policy_architecture architecture)
{
	printf("/* Made by policy-compile. */\n"
	       "#include \"init/policy_program.h\"\n"
	       "\n"
	       "#include \"base/array.h\"\n");
	print_numbers(architecture);
	for (int policy = 0; policy < POLICY_COUNT; policy++)
		print_arguments(architecture, policy);
	printf("\nconst struct policy_programs policy_programs_%s[POLICY_COUNT] = {\n",
	       architectures[architecture].name);
	for (int policy = 0; policy < POLICY_COUNT; policy++)
		printf("\t{ { ARRAY_LENGTH(numbers), numbers },\n"
		       "\t  { ARRAY_LENGTH(arguments_%d), arguments_%d } },\n",
		       policy, policy);
	printf("};\n");
}

int main(int argc, char **argv)
{
	for (int i = 0; argc == 3 && i < POLICY_ARCHITECTURE_COUNT; i++) {
		if (strcmp(argv[1], architectures[i].name) != 0)
			continue;
		if (!freopen(argv[2], "we", stdout))
			fail("write", argv[2], errno);
		print_all(i);
		if (fclose(stdout) != 0)
			fail("write", argv[2], errno);
		return 0;
	}
	(void)fprintf(stderr, "usage: policy-compile x86_64|aarch64 FILE\n");
	return 1;
}
