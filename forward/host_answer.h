/* What an answer of the survey means for the plan. Pure. */
#pragma once

#include "forward/host.h"
#include "forward/survey.h"

/* Configuration we copy may be this long (bytes). */
#define HOST_TEXT_MAXIMUM (1024UL * 1024)

struct host_file host_file_from(const struct survey_question *question,
				const struct survey_answer *answer);

/* EFBIG for what is too long. */
struct host_text host_text_from(const struct survey_question *question,
				const struct survey_answer *answer);
