/* One path of the host, looked at with the rights of whoever runs this. */
#pragma once

#include "base/arena.h"
#include "forward/survey.h"

/* Answers the question; what went wrong is part of the answer. Never waits for a FIFO or a device.
 */
void survey_look(struct arena *arena, const struct survey_question *question,
		 struct survey_answer *answer);
