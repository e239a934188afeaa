#include "tests/root/attack/facts.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "tests/root/attack/record.h"

#define ANSWER_MILLISECONDS 5000

static struct {
	const char *name;
	const char *value;
} facts[100];
static size_t fact_count;

bool facts_load(const char *path)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;

	if (!file)
		return false;
	while (getline(&line, &size, file) > 0 && fact_count < sizeof(facts) / sizeof(facts[0])) {
		char *value = strchr(line, '=');

		if (!value)
			continue;
		*value++ = '\0';
		value[strcspn(value, "\n")] = '\0';
		facts[fact_count].name = line;
		facts[fact_count].value = value;
		fact_count++;
		line = NULL; /* kept */
		size = 0;
	}
	free(line);
	(void)fclose(file);
	return true;
}

const char *fact(const char *name)
{
	for (size_t i = fact_count; i > 0; i--) {
		if (strcmp(facts[i - 1].name, name) == 0)
			return facts[i - 1].value;
	}
	return NULL;
}

long fact_number(const char *name)
{
	const char *value = fact(name);

	return value ? strtol(value, NULL, 0) : 0;
}

static int fifo_open(const char *name, int flags)
{
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/%s", fact("witness") ?: "", name);
	return open(path, flags | O_CLOEXEC | O_NONBLOCK);
}

const char *witness_ask(const char *question)
{
	AUTO_CLOSE int ask_fd = fifo_open("ask", O_WRONLY),
		       answer_fd = fifo_open("answer", O_RDONLY);
	struct pollfd answer = { .fd = answer_fd, .events = POLLIN };
	static struct record record;
	struct record asked = { .number = getpid() };

	if (ask_fd < 0 || answer_fd < 0)
		return NULL;
	(void)snprintf(asked.text, sizeof(asked.text), "%s", question);
	if (write(ask_fd, &asked, sizeof(asked)) != (ssize_t)sizeof(asked))
		return NULL;
	/* What an earlier attack did not wait for may come first. */
	do {
		if (poll(&answer, 1, ANSWER_MILLISECONDS) <= 0)
			return NULL;
		if (read(answer_fd, &record, sizeof(record)) != (ssize_t)sizeof(record))
			return NULL;
	} while (record.number != asked.number);
	return record.text;
}
