#include "tests/support/bpf.h"

#include <stdbool.h>
#include <string.h>

/* linux/bpf_common.h: the instructions that libseccomp writes. */
#define CODE_LOAD 0x20
#define CODE_AND 0x54
#define CODE_JUMP 0x05
#define CODE_JUMP_EQUAL 0x15
#define CODE_JUMP_GREATER 0x25
#define CODE_JUMP_NOT_LESS 0x35
#define CODE_RETURN 0x06

/* linux/seccomp.h */
#define ACTION_MASK 0xffff0000u
#define ACTION_ERROR 0x00050000u
#define ACTION_ALLOW 0x7fff0000u

/* The kernel's limits: BPF_MAXINSNS, and no jump or load beyond the end. */
#define LENGTH_MAX 4096

static bool instruction_is_good(const struct policy_program *program, size_t i)
{
	const struct policy_instruction *instruction = &program->instructions[i];
	size_t left = program->length - i - 1;

	switch (instruction->code) {
	case CODE_LOAD:
		return instruction->k % 4 == 0 && instruction->k < sizeof(struct bpf_call);
	case CODE_JUMP:
		return instruction->k < left;
	case CODE_JUMP_EQUAL:
	case CODE_JUMP_GREATER:
	case CODE_JUMP_NOT_LESS:
		return instruction->jump_true < left && instruction->jump_false < left;
	case CODE_AND:
	case CODE_RETURN:
		return true;
	default:
		return false;
	}
}

static int verdict_of(uint32_t action)
{
	if ((action & ACTION_MASK) == ACTION_ALLOW)
		return 0;
	if ((action & ACTION_MASK) == ACTION_ERROR && (action & ~ACTION_MASK) != 0)
		return (int)(action & ~ACTION_MASK);
	return BPF_OTHER;
}

static bool jump_is_taken(const struct policy_instruction *instruction, uint32_t accumulator)
{
	if (instruction->code == CODE_JUMP_EQUAL)
		return accumulator == instruction->k;
	if (instruction->code == CODE_JUMP_GREATER)
		return accumulator > instruction->k;
	return accumulator >= instruction->k;
}

int bpf_run(const struct policy_program *program, const struct bpf_call *call)
{
	uint32_t accumulator = 0;

	if (program->length > LENGTH_MAX)
		return BPF_BROKEN;
	for (size_t i = 0; i < program->length; i++) {
		const struct policy_instruction *instruction = &program->instructions[i];

		if (!instruction_is_good(program, i))
			return BPF_BROKEN;
		if (instruction->code == CODE_LOAD)
			memcpy(&accumulator, (const char *)call + instruction->k, 4);
		else if (instruction->code == CODE_AND)
			accumulator &= instruction->k;
		else if (instruction->code == CODE_RETURN)
			return verdict_of(instruction->k);
		else if (instruction->code == CODE_JUMP)
			i += instruction->k;
		else if (jump_is_taken(instruction, accumulator))
			i += instruction->jump_true;
		else
			i += instruction->jump_false;
	}
	return BPF_BROKEN;
}

int bpf_run_both(const struct policy_programs *programs, const struct bpf_call *call)
{
	int numbers = bpf_run(&programs->numbers, call);
	int arguments = bpf_run(&programs->arguments, call);

	if (numbers < 0 || arguments < 0)
		return numbers < 0 ? numbers : arguments;
	return arguments ? arguments : numbers;
}
