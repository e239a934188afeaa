/* Runs the system call filters as the kernel does, on any machine. */
#pragma once

#include <stdint.h>

#include "init/policy_program.h"

/* linux/seccomp.h: struct seccomp_data. */
struct bpf_call {
	int32_t number;
	uint32_t architecture; /* BPF_... */
	uint64_t instruction_pointer;
	uint64_t arguments[6];
};

/* linux/audit.h */
#define BPF_X86_64 0xc000003eu
#define BPF_AARCH64 0xc00000b7u
#define BPF_I386 0x40000003u
#define BPF_ARM 0x40000028u

/* What is no program to the kernel, or has instructions unknown here. */
#define BPF_BROKEN (-1)
/* Neither allowed nor an error: killed, traced … */
#define BPF_OTHER (-2)

/* The verdict of one program: 0 (allowed), the error it gives the call, or one of the above. */
int bpf_run(const struct policy_program *program, const struct bpf_call *call);

/* Of both, as they are loaded: the strictest, and of two errors that of the one loaded last. */
int bpf_run_both(const struct policy_programs *programs, const struct bpf_call *call);
