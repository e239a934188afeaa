/* A question to the witness and its answer: one write each, of this size, through a FIFO. */
#pragma once

struct record {
	long number; /* of the question; the answer repeats it */
	char text[240];
};
