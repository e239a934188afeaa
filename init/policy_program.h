/* The filters as the kernel wants them: classic BPF, made by policy_compile.c when claude-sandbox
 * is built. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "init/policy.h"

/* struct sock_filter and struct sock_fprog of linux/filter.h, which musl's headers lack. */
struct policy_instruction {
	uint16_t code;
	uint8_t jump_true;
	uint8_t jump_false;
	uint32_t k;
};

struct policy_program {
	uint16_t length; /* in instructions */
	const struct policy_instruction *instructions;
};

/* Two for each policy, since libseccomp cannot make a single one that allows by number and refuses
 * by argument. The kernel runs both and takes the stricter answer. */
struct policy_programs {
	struct policy_program numbers;	 /* what is allowed; the same in all policies */
	struct policy_program arguments; /* what is refused nevertheless */
};

extern const struct policy_programs policy_programs_x86_64[POLICY_COUNT];
extern const struct policy_programs policy_programs_aarch64[POLICY_COUNT];
