/* Looking at the host's files as the caller: a helper process with the caller's real ids and groups
 * answers questions about paths, so that root learns and touches nothing the caller could not.
 * Meanwhile this process answers those about the system's own files, which are nobody's word: of
 * them it gives the content only where everybody may read it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "mounts/caller.h"

struct survey_question {
	const char *path; /* absolute, or relative to the working directory */
	const char *root; /* not NULL: resolve `path` as if this directory were the root */
	size_t content;	  /* how many bytes of a regular file's beginning are wanted */
	bool whole;	  /* content only of files that are shorter */
	bool access;	  /* what the caller may do with it is wanted */
	bool is_system;	  /* a fixed path of the system's, in directories that are root's */
	bool is_pattern;  /* glob(7); of several the highest version counts */
};

struct survey_answer {
	int error; /* 0, or the errno of why there is no more to say */
	mode_t mode;
	uid_t uid;
	gid_t gid;
	uint64_t size;
	dev_t device;	  /* the number of a device */
	const char *path; /* resolved: absolute, free of links; below the host's root */
	const char *link; /* the text of the link that the path itself is, or NULL */
	bool can_access;  /* if asked: a directory can be entered, a file executed */
	bool is_denied;	  /* if asked: can be entered, read, or connected to only by others */
	bool is_granted;  /* if asked: a device's access control list names the user */
	const char *content;
	size_t content_length;
};

/* Answers all questions in one go. The answers are arena memory, in the order of the questions.
 * Returns 0, or -errno having logged. */
int survey_run(struct arena *arena, const struct caller *caller,
	       const struct survey_question *questions, size_t count,
	       struct survey_answer **ret_answers);

/* Reads what the helper wrote: the answers to those questions that are not the system's. Pure: the
 * strings stay in `data`. -EPROTO for anything else; the answers then mean nothing. */
int survey_parse(const char *data, size_t size, const struct survey_question *questions,
		 size_t count, struct survey_answer *answers);
