/* The last, irrevocable drop of privileges, and the proof that it happened. Every process inside
 * inherits the result. All of these return 0, or a negative errno after saying why. */
#pragma once

#include "init/identity.h"

/* Gives up everything but the ids of `identity`. Needs uid 0 with CAP_SETUID, CAP_SETGID and
 * CAP_SETPCAP; nothing can be regained. */
int privileges_drop(const struct identity *identity);

/* Reads every part back from the kernel. A difference means that privileges_drop() or the kernel is
 * wrong: the caller must end at once. */
int privileges_verify(const struct identity *identity);
