/* Where Claude Code may be. Pure: a list of candidates to look at, and the choice among them. */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "forward/survey.h"

/* The most bytes of a candidate that the choice needs to see. */
#define CLAUDE_SEARCH_CONTENT 512

/* Candidates, best first: the system's own, the caller's PATH, the usual places of the installers.
 * Patterns (glob) and paths. */
void claude_search_list(struct arena *arena, const char *system, char *const *environment,
			const char *home, struct survey_question **ret_questions,
			size_t *ret_count);

/* The number of the first candidate that is a program, or `count`. */
size_t claude_search_choose(const struct survey_answer *answers, size_t count);

/* An npm package installed without its scripts has a placeholder for a program; the real one lies
 * in a package beside it. Lists where, best first; none (*ret_count 0) when `answer` is no
 * placeholder. */
void claude_search_natives(struct arena *arena, const struct survey_answer *answer,
			   struct survey_question **ret_questions, size_t *ret_count);
