/* What of the root's material becomes of what the survey found. Pure. */
#pragma once

#include "forward/survey.h"
#include "mounts/rootfs.h"

/* Files of /etc shorter than this (bytes) are copied, others bound. */
#define ROOTFS_TEXT_MAXIMUM (32UL * 1024)

/* A part of the host's root: what is a link into /usr stays a link, what leads elsewhere is bound
 * from where it leads. */
struct rootfs_entry rootfs_entry_of_host(const char *path, const struct survey_answer *answer);

/* Of a tree that is given only its links matter, where something is to go below. */
struct rootfs_entry rootfs_entry_of_tree(const char *path, const struct survey_answer *answer);
