#include "init/policy_table.h"

#include <errno.h>
#include <string.h>

#include "base/array.h"

/* clang-format off */
/* One line a call. The numbers: x86-64, aarch64 (which never had the calls that openat and the like
 * have replaced). Why a call is refused:
 *
 *	kernel bugs	bpf, io_uring_*, perf_event_open, userfaultfd, fanotify_*, lookup_dcookie,
 *			move_pages, migrate_pages, modify_ldt and the mount family have been the ways
 *			into the kernel, and programs do without. io_uring also acts without any filter.
 *	keys		add_key, keyctl, request_key: a user's keyrings are shared with the host
 *	handles		open_by_handle_at reaches files that no mount shows
 *	pidfd_getfd	takes descriptors of other processes, and a socket's other end is one, out of
 *			sight or not (SO_PEERPIDFD): only Landlock minds, where there is one
 *	the machine	time, modules, kexec, swap, quota, accounting, ports, the log: without
 *			capabilities the kernel refuses them as well
 *	clone3		has its flags in memory, where no filter sees them; every C library and Go
 *			take clone then, but only after ENOSYS */
const struct policy_call policy_calls[] = {
	{ "_sysctl", { 156, -1 }, VERDICT_ABSENT },
	{ "accept", { 43, 202 }, VERDICT_ALLOWED },
	{ "accept4", { 288, 242 }, VERDICT_ALLOWED },
	{ "access", { 21, -1 }, VERDICT_ALLOWED },
	{ "acct", { 163, 89 }, VERDICT_REFUSED },
	{ "add_key", { 248, 217 }, VERDICT_REFUSED },
	{ "adjtimex", { 159, 171 }, VERDICT_REFUSED },
	{ "afs_syscall", { 183, -1 }, VERDICT_ABSENT },
	{ "alarm", { 37, -1 }, VERDICT_ALLOWED },
	{ "arch_prctl", { 158, -1 }, VERDICT_ALLOWED },
	{ "bind", { 49, 200 }, VERDICT_ALLOWED },
	{ "bpf", { 321, 280 }, VERDICT_REFUSED },
	{ "brk", { 12, 214 }, VERDICT_ALLOWED },
	{ "cachestat", { 451, 451 }, VERDICT_ALLOWED },
	{ "capget", { 125, 90 }, VERDICT_ALLOWED },
	{ "capset", { 126, 91 }, VERDICT_ALLOWED },
	{ "chdir", { 80, 49 }, VERDICT_ALLOWED },
	{ "chmod", { 90, -1 }, VERDICT_ALLOWED },
	{ "chown", { 92, -1 }, VERDICT_ALLOWED },
	{ "chroot", { 161, 51 }, VERDICT_ALLOWED },
	{ "clock_adjtime", { 305, 266 }, VERDICT_REFUSED },
	{ "clock_getres", { 229, 114 }, VERDICT_ALLOWED },
	{ "clock_gettime", { 228, 113 }, VERDICT_ALLOWED },
	{ "clock_nanosleep", { 230, 115 }, VERDICT_ALLOWED },
	{ "clock_settime", { 227, 112 }, VERDICT_REFUSED },
	{ "clone", { 56, 220 }, VERDICT_ALLOWED },
	{ "clone3", { 435, 435 }, VERDICT_ABSENT },
	{ "close", { 3, 57 }, VERDICT_ALLOWED },
	{ "close_range", { 436, 436 }, VERDICT_ALLOWED },
	{ "connect", { 42, 203 }, VERDICT_ALLOWED },
	{ "copy_file_range", { 326, 285 }, VERDICT_ALLOWED },
	{ "creat", { 85, -1 }, VERDICT_ALLOWED },
	{ "create_module", { 174, -1 }, VERDICT_ABSENT },
	{ "delete_module", { 176, 106 }, VERDICT_REFUSED },
	{ "dup", { 32, 23 }, VERDICT_ALLOWED },
	{ "dup2", { 33, -1 }, VERDICT_ALLOWED },
	{ "dup3", { 292, 24 }, VERDICT_ALLOWED },
	{ "epoll_create", { 213, -1 }, VERDICT_ALLOWED },
	{ "epoll_create1", { 291, 20 }, VERDICT_ALLOWED },
	{ "epoll_ctl", { 233, 21 }, VERDICT_ALLOWED },
	{ "epoll_ctl_old", { 214, -1 }, VERDICT_ABSENT },
	{ "epoll_pwait", { 281, 22 }, VERDICT_ALLOWED },
	{ "epoll_pwait2", { 441, 441 }, VERDICT_ALLOWED },
	{ "epoll_wait", { 232, -1 }, VERDICT_ALLOWED },
	{ "epoll_wait_old", { 215, -1 }, VERDICT_ABSENT },
	{ "eventfd", { 284, -1 }, VERDICT_ALLOWED },
	{ "eventfd2", { 290, 19 }, VERDICT_ALLOWED },
	{ "execve", { 59, 221 }, VERDICT_ALLOWED },
	{ "execveat", { 322, 281 }, VERDICT_ALLOWED },
	{ "exit", { 60, 93 }, VERDICT_ALLOWED },
	{ "exit_group", { 231, 94 }, VERDICT_ALLOWED },
	{ "faccessat", { 269, 48 }, VERDICT_ALLOWED },
	{ "faccessat2", { 439, 439 }, VERDICT_ALLOWED },
	{ "fadvise64", { 221, 223 }, VERDICT_ALLOWED },
	{ "fallocate", { 285, 47 }, VERDICT_ALLOWED },
	{ "fanotify_init", { 300, 262 }, VERDICT_REFUSED },
	{ "fanotify_mark", { 301, 263 }, VERDICT_REFUSED },
	{ "fchdir", { 81, 50 }, VERDICT_ALLOWED },
	{ "fchmod", { 91, 52 }, VERDICT_ALLOWED },
	{ "fchmodat", { 268, 53 }, VERDICT_ALLOWED },
	{ "fchmodat2", { 452, 452 }, VERDICT_ALLOWED },
	{ "fchown", { 93, 55 }, VERDICT_ALLOWED },
	{ "fchownat", { 260, 54 }, VERDICT_ALLOWED },
	{ "fcntl", { 72, 25 }, VERDICT_ALLOWED },
	{ "fdatasync", { 75, 83 }, VERDICT_ALLOWED },
	{ "fgetxattr", { 193, 10 }, VERDICT_ALLOWED },
	{ "file_getattr", { 468, 468 }, VERDICT_ALLOWED },
	{ "file_setattr", { 469, 469 }, VERDICT_ALLOWED },
	{ "finit_module", { 313, 273 }, VERDICT_REFUSED },
	{ "flistxattr", { 196, 13 }, VERDICT_ALLOWED },
	{ "flock", { 73, 32 }, VERDICT_ALLOWED },
	{ "fork", { 57, -1 }, VERDICT_ALLOWED },
	{ "fremovexattr", { 199, 16 }, VERDICT_ALLOWED },
	{ "fsconfig", { 431, 431 }, VERDICT_NESTED },
	{ "fsetxattr", { 190, 7 }, VERDICT_ALLOWED },
	{ "fsmount", { 432, 432 }, VERDICT_NESTED },
	{ "fsopen", { 430, 430 }, VERDICT_NESTED },
	{ "fspick", { 433, 433 }, VERDICT_NESTED },
	{ "fstat", { 5, 80 }, VERDICT_ALLOWED },
	{ "fstatfs", { 138, 44 }, VERDICT_ALLOWED },
	{ "fsync", { 74, 82 }, VERDICT_ALLOWED },
	{ "ftruncate", { 77, 46 }, VERDICT_ALLOWED },
	{ "futex", { 202, 98 }, VERDICT_ALLOWED },
	{ "futex_requeue", { 456, 456 }, VERDICT_ALLOWED },
	{ "futex_wait", { 455, 455 }, VERDICT_ALLOWED },
	{ "futex_waitv", { 449, 449 }, VERDICT_ALLOWED },
	{ "futex_wake", { 454, 454 }, VERDICT_ALLOWED },
	{ "futimesat", { 261, -1 }, VERDICT_ALLOWED },
	{ "get_kernel_syms", { 177, -1 }, VERDICT_ABSENT },
	{ "get_mempolicy", { 239, 236 }, VERDICT_ALLOWED },
	{ "get_robust_list", { 274, 100 }, VERDICT_ALLOWED },
	{ "get_thread_area", { 211, -1 }, VERDICT_ABSENT },
	{ "getcpu", { 309, 168 }, VERDICT_ALLOWED },
	{ "getcwd", { 79, 17 }, VERDICT_ALLOWED },
	{ "getdents", { 78, -1 }, VERDICT_ALLOWED },
	{ "getdents64", { 217, 61 }, VERDICT_ALLOWED },
	{ "getegid", { 108, 177 }, VERDICT_ALLOWED },
	{ "geteuid", { 107, 175 }, VERDICT_ALLOWED },
	{ "getgid", { 104, 176 }, VERDICT_ALLOWED },
	{ "getgroups", { 115, 158 }, VERDICT_ALLOWED },
	{ "getitimer", { 36, 102 }, VERDICT_ALLOWED },
	{ "getpeername", { 52, 205 }, VERDICT_ALLOWED },
	{ "getpgid", { 121, 155 }, VERDICT_ALLOWED },
	{ "getpgrp", { 111, -1 }, VERDICT_ALLOWED },
	{ "getpid", { 39, 172 }, VERDICT_ALLOWED },
	{ "getpmsg", { 181, -1 }, VERDICT_ABSENT },
	{ "getppid", { 110, 173 }, VERDICT_ALLOWED },
	{ "getpriority", { 140, 141 }, VERDICT_ALLOWED },
	{ "getrandom", { 318, 278 }, VERDICT_ALLOWED },
	{ "getresgid", { 120, 150 }, VERDICT_ALLOWED },
	{ "getresuid", { 118, 148 }, VERDICT_ALLOWED },
	{ "getrlimit", { 97, 163 }, VERDICT_ALLOWED },
	{ "getrusage", { 98, 165 }, VERDICT_ALLOWED },
	{ "getsid", { 124, 156 }, VERDICT_ALLOWED },
	{ "getsockname", { 51, 204 }, VERDICT_ALLOWED },
	{ "getsockopt", { 55, 209 }, VERDICT_ALLOWED },
	{ "gettid", { 186, 178 }, VERDICT_ALLOWED },
	{ "gettimeofday", { 96, 169 }, VERDICT_ALLOWED },
	{ "getuid", { 102, 174 }, VERDICT_ALLOWED },
	{ "getxattr", { 191, 8 }, VERDICT_ALLOWED },
	{ "getxattrat", { 464, 464 }, VERDICT_ALLOWED },
	{ "init_module", { 175, 105 }, VERDICT_REFUSED },
	{ "inotify_add_watch", { 254, 27 }, VERDICT_ALLOWED },
	{ "inotify_init", { 253, -1 }, VERDICT_ALLOWED },
	{ "inotify_init1", { 294, 26 }, VERDICT_ALLOWED },
	{ "inotify_rm_watch", { 255, 28 }, VERDICT_ALLOWED },
	{ "io_cancel", { 210, 3 }, VERDICT_ALLOWED },
	{ "io_destroy", { 207, 1 }, VERDICT_ALLOWED },
	{ "io_getevents", { 208, 4 }, VERDICT_ALLOWED },
	{ "io_pgetevents", { 333, 292 }, VERDICT_ALLOWED },
	{ "io_setup", { 206, 0 }, VERDICT_ALLOWED },
	{ "io_submit", { 209, 2 }, VERDICT_ALLOWED },
	{ "io_uring_enter", { 426, 426 }, VERDICT_ABSENT },
	{ "io_uring_register", { 427, 427 }, VERDICT_ABSENT },
	{ "io_uring_setup", { 425, 425 }, VERDICT_ABSENT },
	{ "ioctl", { 16, 29 }, VERDICT_ALLOWED },
	{ "ioperm", { 173, -1 }, VERDICT_REFUSED },
	{ "iopl", { 172, -1 }, VERDICT_REFUSED },
	{ "ioprio_get", { 252, 31 }, VERDICT_ALLOWED },
	{ "ioprio_set", { 251, 30 }, VERDICT_ALLOWED },
	{ "kcmp", { 312, 272 }, VERDICT_ALLOWED },
	{ "kexec_file_load", { 320, 294 }, VERDICT_REFUSED },
	{ "kexec_load", { 246, 104 }, VERDICT_REFUSED },
	{ "keyctl", { 250, 219 }, VERDICT_REFUSED },
	{ "kill", { 62, 129 }, VERDICT_ALLOWED },
	{ "landlock_add_rule", { 445, 445 }, VERDICT_ALLOWED },
	{ "landlock_create_ruleset", { 444, 444 }, VERDICT_ALLOWED },
	{ "landlock_restrict_self", { 446, 446 }, VERDICT_ALLOWED },
	{ "lchown", { 94, -1 }, VERDICT_ALLOWED },
	{ "lgetxattr", { 192, 9 }, VERDICT_ALLOWED },
	{ "link", { 86, -1 }, VERDICT_ALLOWED },
	{ "linkat", { 265, 37 }, VERDICT_ALLOWED },
	{ "listen", { 50, 201 }, VERDICT_ALLOWED },
	{ "listmount", { 458, 458 }, VERDICT_ALLOWED },
	{ "listxattr", { 194, 11 }, VERDICT_ALLOWED },
	{ "listxattrat", { 465, 465 }, VERDICT_ALLOWED },
	{ "llistxattr", { 195, 12 }, VERDICT_ALLOWED },
	{ "lookup_dcookie", { 212, 18 }, VERDICT_REFUSED },
	{ "lremovexattr", { 198, 15 }, VERDICT_ALLOWED },
	{ "lseek", { 8, 62 }, VERDICT_ALLOWED },
	{ "lsetxattr", { 189, 6 }, VERDICT_ALLOWED },
	{ "lsm_get_self_attr", { 459, 459 }, VERDICT_ALLOWED },
	{ "lsm_list_modules", { 461, 461 }, VERDICT_ALLOWED },
	{ "lsm_set_self_attr", { 460, 460 }, VERDICT_REFUSED },
	{ "lstat", { 6, -1 }, VERDICT_ALLOWED },
	{ "madvise", { 28, 233 }, VERDICT_ALLOWED },
	{ "map_shadow_stack", { 453, 453 }, VERDICT_ALLOWED },
	{ "mbind", { 237, 235 }, VERDICT_ALLOWED },
	{ "membarrier", { 324, 283 }, VERDICT_ALLOWED },
	{ "memfd_create", { 319, 279 }, VERDICT_ALLOWED },
	{ "memfd_secret", { 447, 447 }, VERDICT_ALLOWED },
	{ "migrate_pages", { 256, 238 }, VERDICT_REFUSED },
	{ "mincore", { 27, 232 }, VERDICT_ALLOWED },
	{ "mkdir", { 83, -1 }, VERDICT_ALLOWED },
	{ "mkdirat", { 258, 34 }, VERDICT_ALLOWED },
	{ "mknod", { 133, -1 }, VERDICT_ALLOWED },
	{ "mknodat", { 259, 33 }, VERDICT_ALLOWED },
	{ "mlock", { 149, 228 }, VERDICT_ALLOWED },
	{ "mlock2", { 325, 284 }, VERDICT_ALLOWED },
	{ "mlockall", { 151, 230 }, VERDICT_ALLOWED },
	{ "mmap", { 9, 222 }, VERDICT_ALLOWED },
	{ "modify_ldt", { 154, -1 }, VERDICT_REFUSED },
	{ "mount", { 165, 40 }, VERDICT_NESTED },
	{ "mount_setattr", { 442, 442 }, VERDICT_NESTED },
	{ "move_mount", { 429, 429 }, VERDICT_NESTED },
	{ "move_pages", { 279, 239 }, VERDICT_REFUSED },
	{ "mprotect", { 10, 226 }, VERDICT_ALLOWED },
	{ "mq_getsetattr", { 245, 185 }, VERDICT_ALLOWED },
	{ "mq_notify", { 244, 184 }, VERDICT_ALLOWED },
	{ "mq_open", { 240, 180 }, VERDICT_ALLOWED },
	{ "mq_timedreceive", { 243, 183 }, VERDICT_ALLOWED },
	{ "mq_timedsend", { 242, 182 }, VERDICT_ALLOWED },
	{ "mq_unlink", { 241, 181 }, VERDICT_ALLOWED },
	{ "mremap", { 25, 216 }, VERDICT_ALLOWED },
	{ "mseal", { 462, 462 }, VERDICT_ALLOWED },
	{ "msgctl", { 71, 187 }, VERDICT_ALLOWED },
	{ "msgget", { 68, 186 }, VERDICT_ALLOWED },
	{ "msgrcv", { 70, 188 }, VERDICT_ALLOWED },
	{ "msgsnd", { 69, 189 }, VERDICT_ALLOWED },
	{ "msync", { 26, 227 }, VERDICT_ALLOWED },
	{ "munlock", { 150, 229 }, VERDICT_ALLOWED },
	{ "munlockall", { 152, 231 }, VERDICT_ALLOWED },
	{ "munmap", { 11, 215 }, VERDICT_ALLOWED },
	{ "name_to_handle_at", { 303, 264 }, VERDICT_ALLOWED },
	{ "nanosleep", { 35, 101 }, VERDICT_ALLOWED },
	{ "newfstatat", { 262, 79 }, VERDICT_ALLOWED },
	{ "nfsservctl", { 180, 42 }, VERDICT_ABSENT },
	{ "open", { 2, -1 }, VERDICT_ALLOWED },
	{ "open_by_handle_at", { 304, 265 }, VERDICT_REFUSED },
	{ "open_tree", { 428, 428 }, VERDICT_NESTED },
	{ "open_tree_attr", { 467, 467 }, VERDICT_NESTED },
	{ "openat", { 257, 56 }, VERDICT_ALLOWED },
	{ "openat2", { 437, 437 }, VERDICT_ALLOWED },
	{ "pause", { 34, -1 }, VERDICT_ALLOWED },
	{ "perf_event_open", { 298, 241 }, VERDICT_REFUSED },
	{ "personality", { 135, 92 }, VERDICT_ALLOWED },
	{ "pidfd_getfd", { 438, 438 }, VERDICT_REFUSED },
	{ "pidfd_open", { 434, 434 }, VERDICT_ALLOWED },
	{ "pidfd_send_signal", { 424, 424 }, VERDICT_ALLOWED },
	{ "pipe", { 22, -1 }, VERDICT_ALLOWED },
	{ "pipe2", { 293, 59 }, VERDICT_ALLOWED },
	{ "pivot_root", { 155, 41 }, VERDICT_NESTED },
	{ "pkey_alloc", { 330, 289 }, VERDICT_ALLOWED },
	{ "pkey_free", { 331, 290 }, VERDICT_ALLOWED },
	{ "pkey_mprotect", { 329, 288 }, VERDICT_ALLOWED },
	{ "poll", { 7, -1 }, VERDICT_ALLOWED },
	{ "ppoll", { 271, 73 }, VERDICT_ALLOWED },
	{ "prctl", { 157, 167 }, VERDICT_ALLOWED },
	{ "pread64", { 17, 67 }, VERDICT_ALLOWED },
	{ "preadv", { 295, 69 }, VERDICT_ALLOWED },
	{ "preadv2", { 327, 286 }, VERDICT_ALLOWED },
	{ "prlimit64", { 302, 261 }, VERDICT_ALLOWED },
	{ "process_madvise", { 440, 440 }, VERDICT_ALLOWED },
	{ "process_mrelease", { 448, 448 }, VERDICT_ALLOWED },
	{ "process_vm_readv", { 310, 270 }, VERDICT_ALLOWED },
	{ "process_vm_writev", { 311, 271 }, VERDICT_ALLOWED },
	{ "pselect6", { 270, 72 }, VERDICT_ALLOWED },
	{ "ptrace", { 101, 117 }, VERDICT_ALLOWED },
	{ "putpmsg", { 182, -1 }, VERDICT_ABSENT },
	{ "pwrite64", { 18, 68 }, VERDICT_ALLOWED },
	{ "pwritev", { 296, 70 }, VERDICT_ALLOWED },
	{ "pwritev2", { 328, 287 }, VERDICT_ALLOWED },
	{ "query_module", { 178, -1 }, VERDICT_ABSENT },
	{ "quotactl", { 179, 60 }, VERDICT_REFUSED },
	{ "quotactl_fd", { 443, 443 }, VERDICT_REFUSED },
	{ "read", { 0, 63 }, VERDICT_ALLOWED },
	{ "readahead", { 187, 213 }, VERDICT_ALLOWED },
	{ "readlink", { 89, -1 }, VERDICT_ALLOWED },
	{ "readlinkat", { 267, 78 }, VERDICT_ALLOWED },
	{ "readv", { 19, 65 }, VERDICT_ALLOWED },
	{ "reboot", { 169, 142 }, VERDICT_REFUSED },
	{ "recvfrom", { 45, 207 }, VERDICT_ALLOWED },
	{ "recvmmsg", { 299, 243 }, VERDICT_ALLOWED },
	{ "recvmsg", { 47, 212 }, VERDICT_ALLOWED },
	{ "remap_file_pages", { 216, 234 }, VERDICT_ALLOWED },
	{ "removexattr", { 197, 14 }, VERDICT_ALLOWED },
	{ "removexattrat", { 466, 466 }, VERDICT_ALLOWED },
	{ "rename", { 82, -1 }, VERDICT_ALLOWED },
	{ "renameat", { 264, 38 }, VERDICT_ALLOWED },
	{ "renameat2", { 316, 276 }, VERDICT_ALLOWED },
	{ "request_key", { 249, 218 }, VERDICT_REFUSED },
	{ "restart_syscall", { 219, 128 }, VERDICT_ALLOWED },
	{ "rmdir", { 84, -1 }, VERDICT_ALLOWED },
	{ "rseq", { 334, 293 }, VERDICT_ALLOWED },
	{ "rt_sigaction", { 13, 134 }, VERDICT_ALLOWED },
	{ "rt_sigpending", { 127, 136 }, VERDICT_ALLOWED },
	{ "rt_sigprocmask", { 14, 135 }, VERDICT_ALLOWED },
	{ "rt_sigqueueinfo", { 129, 138 }, VERDICT_ALLOWED },
	{ "rt_sigreturn", { 15, 139 }, VERDICT_ALLOWED },
	{ "rt_sigsuspend", { 130, 133 }, VERDICT_ALLOWED },
	{ "rt_sigtimedwait", { 128, 137 }, VERDICT_ALLOWED },
	{ "rt_tgsigqueueinfo", { 297, 240 }, VERDICT_ALLOWED },
	{ "sched_get_priority_max", { 146, 125 }, VERDICT_ALLOWED },
	{ "sched_get_priority_min", { 147, 126 }, VERDICT_ALLOWED },
	{ "sched_getaffinity", { 204, 123 }, VERDICT_ALLOWED },
	{ "sched_getattr", { 315, 275 }, VERDICT_ALLOWED },
	{ "sched_getparam", { 143, 121 }, VERDICT_ALLOWED },
	{ "sched_getscheduler", { 145, 120 }, VERDICT_ALLOWED },
	{ "sched_rr_get_interval", { 148, 127 }, VERDICT_ALLOWED },
	{ "sched_setaffinity", { 203, 122 }, VERDICT_ALLOWED },
	{ "sched_setattr", { 314, 274 }, VERDICT_ALLOWED },
	{ "sched_setparam", { 142, 118 }, VERDICT_ALLOWED },
	{ "sched_setscheduler", { 144, 119 }, VERDICT_ALLOWED },
	{ "sched_yield", { 24, 124 }, VERDICT_ALLOWED },
	{ "seccomp", { 317, 277 }, VERDICT_ALLOWED },
	{ "security", { 185, -1 }, VERDICT_ABSENT },
	{ "select", { 23, -1 }, VERDICT_ALLOWED },
	{ "semctl", { 66, 191 }, VERDICT_ALLOWED },
	{ "semget", { 64, 190 }, VERDICT_ALLOWED },
	{ "semop", { 65, 193 }, VERDICT_ALLOWED },
	{ "semtimedop", { 220, 192 }, VERDICT_ALLOWED },
	{ "sendfile", { 40, 71 }, VERDICT_ALLOWED },
	{ "sendmmsg", { 307, 269 }, VERDICT_ALLOWED },
	{ "sendmsg", { 46, 211 }, VERDICT_ALLOWED },
	{ "sendto", { 44, 206 }, VERDICT_ALLOWED },
	{ "set_mempolicy", { 238, 237 }, VERDICT_ALLOWED },
	{ "set_mempolicy_home_node", { 450, 450 }, VERDICT_ALLOWED },
	{ "set_robust_list", { 273, 99 }, VERDICT_ALLOWED },
	{ "set_thread_area", { 205, -1 }, VERDICT_ABSENT },
	{ "set_tid_address", { 218, 96 }, VERDICT_ALLOWED },
	{ "setdomainname", { 171, 162 }, VERDICT_NESTED },
	{ "setfsgid", { 123, 152 }, VERDICT_ALLOWED },
	{ "setfsuid", { 122, 151 }, VERDICT_ALLOWED },
	{ "setgid", { 106, 144 }, VERDICT_ALLOWED },
	{ "setgroups", { 116, 159 }, VERDICT_ALLOWED },
	{ "sethostname", { 170, 161 }, VERDICT_NESTED },
	{ "setitimer", { 38, 103 }, VERDICT_ALLOWED },
	{ "setns", { 308, 268 }, VERDICT_NESTED },
	{ "setpgid", { 109, 154 }, VERDICT_ALLOWED },
	{ "setpriority", { 141, 140 }, VERDICT_ALLOWED },
	{ "setregid", { 114, 143 }, VERDICT_ALLOWED },
	{ "setresgid", { 119, 149 }, VERDICT_ALLOWED },
	{ "setresuid", { 117, 147 }, VERDICT_ALLOWED },
	{ "setreuid", { 113, 145 }, VERDICT_ALLOWED },
	{ "setrlimit", { 160, 164 }, VERDICT_ALLOWED },
	{ "setsid", { 112, 157 }, VERDICT_ALLOWED },
	{ "setsockopt", { 54, 208 }, VERDICT_ALLOWED },
	{ "settimeofday", { 164, 170 }, VERDICT_REFUSED },
	{ "setuid", { 105, 146 }, VERDICT_ALLOWED },
	{ "setxattr", { 188, 5 }, VERDICT_ALLOWED },
	{ "setxattrat", { 463, 463 }, VERDICT_ALLOWED },
	{ "shmat", { 30, 196 }, VERDICT_ALLOWED },
	{ "shmctl", { 31, 195 }, VERDICT_ALLOWED },
	{ "shmdt", { 67, 197 }, VERDICT_ALLOWED },
	{ "shmget", { 29, 194 }, VERDICT_ALLOWED },
	{ "shutdown", { 48, 210 }, VERDICT_ALLOWED },
	{ "sigaltstack", { 131, 132 }, VERDICT_ALLOWED },
	{ "signalfd", { 282, -1 }, VERDICT_ALLOWED },
	{ "signalfd4", { 289, 74 }, VERDICT_ALLOWED },
	{ "socket", { 41, 198 }, VERDICT_ALLOWED },
	{ "socketpair", { 53, 199 }, VERDICT_ALLOWED },
	{ "splice", { 275, 76 }, VERDICT_ALLOWED },
	{ "stat", { 4, -1 }, VERDICT_ALLOWED },
	{ "statfs", { 137, 43 }, VERDICT_ALLOWED },
	{ "statmount", { 457, 457 }, VERDICT_ALLOWED },
	{ "statx", { 332, 291 }, VERDICT_ALLOWED },
	{ "swapoff", { 168, 225 }, VERDICT_REFUSED },
	{ "swapon", { 167, 224 }, VERDICT_REFUSED },
	{ "symlink", { 88, -1 }, VERDICT_ALLOWED },
	{ "symlinkat", { 266, 36 }, VERDICT_ALLOWED },
	{ "sync", { 162, 81 }, VERDICT_ALLOWED },
	{ "sync_file_range", { 277, 84 }, VERDICT_ALLOWED },
	{ "syncfs", { 306, 267 }, VERDICT_ALLOWED },
	{ "sysfs", { 139, -1 }, VERDICT_REFUSED },
	{ "sysinfo", { 99, 179 }, VERDICT_ALLOWED },
	{ "syslog", { 103, 116 }, VERDICT_REFUSED },
	{ "tee", { 276, 77 }, VERDICT_ALLOWED },
	{ "tgkill", { 234, 131 }, VERDICT_ALLOWED },
	{ "time", { 201, -1 }, VERDICT_ALLOWED },
	{ "timer_create", { 222, 107 }, VERDICT_ALLOWED },
	{ "timer_delete", { 226, 111 }, VERDICT_ALLOWED },
	{ "timer_getoverrun", { 225, 109 }, VERDICT_ALLOWED },
	{ "timer_gettime", { 224, 108 }, VERDICT_ALLOWED },
	{ "timer_settime", { 223, 110 }, VERDICT_ALLOWED },
	{ "timerfd_create", { 283, 85 }, VERDICT_ALLOWED },
	{ "timerfd_gettime", { 287, 87 }, VERDICT_ALLOWED },
	{ "timerfd_settime", { 286, 86 }, VERDICT_ALLOWED },
	{ "times", { 100, 153 }, VERDICT_ALLOWED },
	{ "tkill", { 200, 130 }, VERDICT_ALLOWED },
	{ "truncate", { 76, 45 }, VERDICT_ALLOWED },
	{ "tuxcall", { 184, -1 }, VERDICT_ABSENT },
	{ "umask", { 95, 166 }, VERDICT_ALLOWED },
	{ "umount2", { 166, 39 }, VERDICT_NESTED },
	{ "uname", { 63, 160 }, VERDICT_ALLOWED },
	{ "unlink", { 87, -1 }, VERDICT_ALLOWED },
	{ "unlinkat", { 263, 35 }, VERDICT_ALLOWED },
	{ "unshare", { 272, 97 }, VERDICT_ALLOWED },
	{ "uprobe", { 336, -1 }, VERDICT_ALLOWED },
	{ "uretprobe", { 335, -1 }, VERDICT_ALLOWED },
	{ "uselib", { 134, -1 }, VERDICT_ABSENT },
	{ "userfaultfd", { 323, 282 }, VERDICT_REFUSED },
	{ "ustat", { 136, -1 }, VERDICT_REFUSED },
	{ "utime", { 132, -1 }, VERDICT_ALLOWED },
	{ "utimensat", { 280, 88 }, VERDICT_ALLOWED },
	{ "utimes", { 235, -1 }, VERDICT_ALLOWED },
	{ "vfork", { 58, -1 }, VERDICT_ALLOWED },
	{ "vhangup", { 153, 58 }, VERDICT_REFUSED },
	{ "vmsplice", { 278, 75 }, VERDICT_ALLOWED },
	{ "vserver", { 236, -1 }, VERDICT_ABSENT },
	{ "wait4", { 61, 260 }, VERDICT_ALLOWED },
	{ "waitid", { 247, 95 }, VERDICT_ALLOWED },
	{ "write", { 1, 64 }, VERDICT_ALLOWED },
	{ "writev", { 20, 66 }, VERDICT_ALLOWED },
};
/* clang-format on */

const size_t policy_call_count = ARRAY_LENGTH(policy_calls);

const struct policy_call *policy_call_find(const char *name)
{
	for (size_t i = 0; i < policy_call_count; i++)
		if (strcmp(policy_calls[i].name, name) == 0)
			return &policy_calls[i];
	return NULL;
}

int policy_call_error(const struct policy_call *call, enum policy policy)
{
	switch (call->verdict) {
	case VERDICT_ALLOWED:
		return 0;
	case VERDICT_NESTED:
		return policy == POLICY_NESTED ? 0 : EPERM;
	case VERDICT_REFUSED:
		return EPERM;
	case VERDICT_ABSENT:
		break;
	}
	return ENOSYS;
}

#define IN_DEFAULT (1u << POLICY_DEFAULT)
#define IN_NO_USERNS (1u << POLICY_NO_USERNS)
#define IN_NESTED (1u << POLICY_NESTED)
#define IN_ALL (IN_DEFAULT | IN_NO_USERNS | IN_NESTED)

/* The kernel's interface: the same on both architectures, and not in the headers of every libc. */
#define NEW_TIME 0x00000080u
#define NEW_NS 0x00020000u
#define NEW_CGROUP 0x02000000u
#define NEW_UTS 0x04000000u
#define NEW_IPC 0x08000000u
#define NEW_USER 0x10000000u
#define NEW_PID 0x20000000u
#define NEW_NET 0x40000000u

#define SET_USER_ID 04000u
#define CREATE 0x40u
#define TEMPORARY 0x400000u /* O_TMPFILE without the O_DIRECTORY in it */

#define STI 0x5412u
#define LINUX 0x541cu
#define CONS 0x541du
#define SETD 0x5423u

#define FAMILY_INET 2u
#define FAMILY_NETLINK 16u
#define TYPE_MASK 0xfu
#define TYPE_PACKET 10u

/* clang-format off */
#define EQUAL(argument, mask, value) { (argument), (mask), (value) }
/* The low half is this. */
#define EXACTLY(argument, value) EQUAL(argument, UINT32_MAX, value)
/* These bits are set, whatever others are. */
#define FLAG(argument, flag) EQUAL(argument, flag, flag)

#define SOCKETS(...) \
	{ "socket", EAFNOSUPPORT, IN_ALL, { __VA_ARGS__ } }, \
	{ "socketpair", EAFNOSUPPORT, IN_ALL, { __VA_ARGS__ } }
#define NETLINK(flag) \
	{ "socket", EPROTONOSUPPORT, IN_ALL, { EXACTLY(0, FAMILY_NETLINK), FLAG(2, flag) } }
#define PERSONALITY(set, clear) \
	{ "personality", EPERM, IN_ALL, { EQUAL(0, 1u << (set) | 1u << (clear), 1u << (set)) } }

/* One line a rule, or some. */
const struct policy_rule policy_rules[] = {
	/* A time namespace is made by unshare alone: in clone the bit belongs to the signal that tells
	 * of the child's end. No sandbox within the sandbox makes one. */
	{ "unshare", EPERM, IN_ALL, { FLAG(0, NEW_TIME) } },
	{ "unshare", EPERM, IN_DEFAULT | IN_NO_USERNS, { FLAG(0, NEW_NS) } },
	{ "unshare", EPERM, IN_DEFAULT | IN_NO_USERNS, { FLAG(0, NEW_CGROUP) } },
	{ "unshare", EPERM, IN_DEFAULT | IN_NO_USERNS, { FLAG(0, NEW_UTS) } },
	{ "unshare", EPERM, IN_DEFAULT | IN_NO_USERNS, { FLAG(0, NEW_IPC) } },
	{ "unshare", EPERM, IN_NO_USERNS, { FLAG(0, NEW_USER) } },
	{ "unshare", EPERM, IN_NO_USERNS, { FLAG(0, NEW_PID) } },
	{ "unshare", EPERM, IN_NO_USERNS, { FLAG(0, NEW_NET) } },
	{ "clone", EPERM, IN_DEFAULT | IN_NO_USERNS, { FLAG(0, NEW_NS) } },
	{ "clone", EPERM, IN_DEFAULT | IN_NO_USERNS, { FLAG(0, NEW_CGROUP) } },
	{ "clone", EPERM, IN_DEFAULT | IN_NO_USERNS, { FLAG(0, NEW_UTS) } },
	{ "clone", EPERM, IN_DEFAULT | IN_NO_USERNS, { FLAG(0, NEW_IPC) } },
	{ "clone", EPERM, IN_NO_USERNS, { FLAG(0, NEW_USER) } },
	{ "clone", EPERM, IN_NO_USERNS, { FLAG(0, NEW_PID) } },
	{ "clone", EPERM, IN_NO_USERNS, { FLAG(0, NEW_NET) } },

	/* Typing into a terminal, which may be one that was handed in; selecting and pasting on a
	 * console; line disciplines, whose modules are old; taking over the console's output. */
	{ "ioctl", EPERM, IN_ALL, { EXACTLY(1, STI) } },
	{ "ioctl", EPERM, IN_ALL, { EXACTLY(1, LINUX) } },
	{ "ioctl", EPERM, IN_ALL, { EXACTLY(1, SETD) } },
	{ "ioctl", EPERM, IN_ALL, { EXACTLY(1, CONS) } },

	/* A set-user-ID file left in the project would make whoever runs it outside the user. Only
	 * where the mode counts. Not openat2, whose mode is in memory: some programs need that call. */
	{ "chmod", EPERM, IN_ALL, { FLAG(1, SET_USER_ID) } },
	{ "fchmod", EPERM, IN_ALL, { FLAG(1, SET_USER_ID) } },
	{ "fchmodat", EPERM, IN_ALL, { FLAG(2, SET_USER_ID) } },
	{ "fchmodat2", EPERM, IN_ALL, { FLAG(2, SET_USER_ID) } },
	{ "mknod", EPERM, IN_ALL, { FLAG(1, SET_USER_ID) } },
	{ "mknodat", EPERM, IN_ALL, { FLAG(2, SET_USER_ID) } },
	{ "creat", EPERM, IN_ALL, { FLAG(1, SET_USER_ID) } },
	{ "open", EPERM, IN_ALL, { FLAG(1, CREATE), FLAG(2, SET_USER_ID) } },
	{ "open", EPERM, IN_ALL, { FLAG(1, TEMPORARY), FLAG(2, SET_USER_ID) } },
	{ "openat", EPERM, IN_ALL, { FLAG(2, CREATE), FLAG(3, SET_USER_ID) } },
	{ "openat", EPERM, IN_ALL, { FLAG(2, TEMPORARY), FLAG(3, SET_USER_ID) } },

	/* UNIX 1, INET 2, INET6 10 and NETLINK 16 are what none of these matches. PACKET, VSOCK, ALG and
	 * the dozens of others are for drivers and daemons. From 256 on the kernel itself says so. */
	SOCKETS(EQUAL(0, 0x1fu, 0u)), SOCKETS(EQUAL(0, 0x07u, 3u)), SOCKETS(FLAG(0, 0x04u)),
	SOCKETS(EQUAL(0, 0x0au, 8u)), SOCKETS(FLAG(0, 0x11u)), SOCKETS(FLAG(0, 0x12u)),
	SOCKETS(FLAG(0, 0x20u)), SOCKETS(FLAG(0, 0x40u)), SOCKETS(FLAG(0, 0x80u)),
	/* The type that the kernel has for old programs: it turns INET into PACKET. */
	SOCKETS(EXACTLY(0, FAMILY_INET), EQUAL(1, TYPE_MASK, TYPE_PACKET)),

	/* Of netlink, ROUTE 0 alone: netfilter and xfrm have been among the ways into the kernel, the
	 * more so in a network namespace of one's own. From 256 on, as above. */
	NETLINK(0x01u), NETLINK(0x02u), NETLINK(0x04u), NETLINK(0x08u),
	NETLINK(0x10u), NETLINK(0x20u), NETLINK(0x40u), NETLINK(0x80u),

	/* Debuggers and `setarch -R` switch the randomization off; READ_IMPLIES_EXEC, with which every
	 * mapping is executable, must not be had. Allowed are LINUX32 (bit 3), UNAME26 (bit 17) and
	 * ADDR_NO_RANDOMIZE (bit 18) in any combination, and all bits, which only asks. So the other bits
	 * are all clear or all set: there is no place, going round, where one is set and the next clear. */
	PERSONALITY(31, 30), PERSONALITY(30, 29), PERSONALITY(29, 28), PERSONALITY(28, 27),
	PERSONALITY(27, 26), PERSONALITY(26, 25), PERSONALITY(25, 24), PERSONALITY(24, 23),
	PERSONALITY(23, 22), PERSONALITY(22, 21), PERSONALITY(21, 20), PERSONALITY(20, 19),
	PERSONALITY(19, 16), PERSONALITY(16, 15), PERSONALITY(15, 14), PERSONALITY(14, 13),
	PERSONALITY(13, 12), PERSONALITY(12, 11), PERSONALITY(11, 10), PERSONALITY(10, 9),
	PERSONALITY(9, 8), PERSONALITY(8, 7), PERSONALITY(7, 6), PERSONALITY(6, 5),
	PERSONALITY(5, 4), PERSONALITY(4, 2), PERSONALITY(2, 1), PERSONALITY(1, 0),
	PERSONALITY(0, 31),
	/* And where they are set, so are the three. */
	PERSONALITY(31, 3), PERSONALITY(31, 17), PERSONALITY(31, 18),
};
/* clang-format on */

const size_t policy_rule_count = ARRAY_LENGTH(policy_rules);
