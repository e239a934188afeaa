#include "forward/survey.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/path.h"
#include "forward/survey_look.h"

/* Answers travel as this header and three strings, each with a NUL; lengths do not count it, -1 is
 * "none". */
struct survey_record {
	uint64_t size;
	uint64_t device;
	int32_t error;
	uint32_t mode;
	uint32_t uid;
	uint32_t gid;
	int32_t can_access;
	int32_t is_denied;
	int32_t is_granted;
	int32_t path_length;
	int32_t link_length;
	int32_t content_length;
};

#define SURVEY_TOTAL_MAXIMUM (64UL * 1024 * 1024)

static int length_of(const char *text)
{
	return text ? (int)strlen(text) : -1;
}

static int write_string(FILE *stream, const char *data, int length)
{
	size_t size = (size_t)length + 1;

	return length < 0 || fwrite(data, 1, size, stream) == size ? 0 : -errno;
}

static int write_answer(FILE *stream, const struct survey_answer *answer)
{
	struct survey_record record = {
		.error = answer->error,
		.mode = answer->mode,
		.uid = answer->uid,
		.gid = answer->gid,
		.size = answer->size,
		.device = answer->device,
		.can_access = answer->can_access,
		.is_denied = answer->is_denied,
		.is_granted = answer->is_granted,
		.path_length = length_of(answer->path),
		.link_length = length_of(answer->link),
		.content_length = answer->content ? (int)answer->content_length : -1,
	};
	int r = fwrite(&record, sizeof(record), 1, stream) == 1 ? 0 : -errno;

	r = r < 0 ? r : write_string(stream, answer->path, record.path_length);
	r = r < 0 ? r : write_string(stream, answer->link, record.link_length);
	return r < 0 ? r : write_string(stream, answer->content, record.content_length);
}

/* The answers go to memory, but as a file, whose size may be limited. */
static int fail_to_write(int error, const struct caller *caller)
{
	(void)log_error_errno(error, "cannot look at the host as user %u", caller->uid);
	if (abs(error) == EFBIG)
		log_hint("ulimit -f unlimited");
	return 1;
}

/* In the helper. Returns its exit status; when that is not 0, it has said why. */
static int serve(const struct caller *caller, const struct survey_question *questions, size_t count,
		 int answers_fd, pid_t parent)
{
	AUTO_FCLOSE FILE *stream = fdopen(answers_fd, "w");
	AUTO_ARENA struct arena arena = { 0 };
	int r = caller_become(caller, parent);

	if (!stream)
		return fail_to_write(ENOMEM, caller);
	if (r < 0) {
		/* ESRCH: who started us has ended, and nobody waits for a word. */
		if (r != -ESRCH)
			(void)log_error_errno(r, "cannot become user %u", caller->uid);
		return 1;
	}
	for (size_t i = 0; i < count; i++) {
		struct survey_answer answer = { 0 };

		if (questions[i].is_system)
			continue;
		survey_look(&arena, &questions[i], &answer);
		r = write_answer(stream, &answer);
		if (r < 0)
			return fail_to_write(r, caller);
	}
	return fflush(stream) == 0 ? 0 : fail_to_write(errno, caller);
}

/* The data comes from a process with the caller's ids: nothing in it is taken on trust. */
struct survey_reader {
	const char *data;
	size_t left;
};

static int read_string(struct survey_reader *reader, int length, const char **ret_string)
{
	size_t size = (size_t)length + 1;

	if (length < 0)
		return 0;
	if (size > reader->left || reader->data[length] != '\0')
		return -EPROTO;
	*ret_string = reader->data;
	reader->data += size;
	reader->left -= size;
	return 0;
}

static int read_answer(struct survey_reader *reader, struct survey_answer *answer)
{
	struct survey_record record;
	int r;

	if (reader->left < sizeof(record))
		return -EPROTO;
	memcpy(&record, reader->data, sizeof(record));
	reader->data += sizeof(record);
	reader->left -= sizeof(record);
	*answer = (struct survey_answer) {
		.error = record.error,
		.mode = record.mode,
		.uid = record.uid,
		.gid = record.gid,
		.size = record.size,
		.device = record.device,
		.can_access = record.can_access != 0,
		.is_denied = record.is_denied != 0,
		.is_granted = record.is_granted != 0,
		.content_length = record.content_length > 0 ? (size_t)record.content_length : 0,
	};
	r = read_string(reader, record.path_length, &answer->path);
	r = r < 0 ? r : read_string(reader, record.link_length, &answer->link);
	r = r < 0 ? r : read_string(reader, record.content_length, &answer->content);
	if (r == 0 && (answer->error < 0 ||
		       (answer->error == 0 && (!answer->path || !path_is_normal(answer->path)))))
		r = -EPROTO;
	return r;
}

int survey_parse(const char *data, size_t size, const struct survey_question *questions,
		 size_t count, struct survey_answer *answers)
{
	struct survey_reader reader = { .data = data, .left = size };
	int r = 0;

	for (size_t i = 0; r == 0 && i < count; i++)
		if (!questions[i].is_system)
			r = read_answer(&reader, &answers[i]);
	return r;
}

/* In one piece: the helper has ended, and nobody else has its file. */
static int read_answers(struct arena *arena, int answers_fd,
			const struct survey_question *questions, size_t count,
			struct survey_answer *answers)
{
	struct stat st;
	size_t size;
	char *data;

	if (fstat(answers_fd, &st) < 0)
		return -errno;
	size = (size_t)st.st_size;
	if (size > SURVEY_TOTAL_MAXIMUM)
		return -EFBIG;
	data = arena_alloc_raw(arena, size);
	if (pread(answers_fd, data, size, 0) != st.st_size)
		return -EIO;
	return survey_parse(data, size, questions, count, answers);
}

static int wait_for_helper(pid_t child, const struct caller *caller)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return log_error_errno(errno, "cannot wait for a helper");
	if (!WIFSIGNALED(status))
		return WEXITSTATUS(status) == 0 ? 0 : -ECHILD;
	log_error("cannot look at the host as user %u: the helper was ended by signal %d",
		  caller->uid, WTERMSIG(status));
	return -ECHILD;
}

/* By ourselves, while the helper is at work, but with the caller's eyes. */
static int answer_system(struct arena *arena, const struct caller *caller,
			 const struct survey_question *questions, size_t count,
			 struct survey_answer *answers)
{
	CLEANUP(caller_view_return) struct caller_view view = CALLER_VIEW_OWN;
	int r = caller_view_borrow(arena, caller, &view);

	for (size_t i = 0; r == 0 && i < count; i++)
		if (questions[i].is_system)
			survey_look(arena, &questions[i], &answers[i]);
	return r;
}

int survey_run(struct arena *arena, const struct caller *caller,
	       const struct survey_question *questions, size_t count,
	       struct survey_answer **ret_answers)
{
	/* A file in memory and not a pipe: the answers come in one piece, and wake nobody on the
	 * way. */
	AUTO_CLOSE int answers_fd = memfd_create("survey", MFD_CLOEXEC);
	struct survey_answer *answers = arena_alloc(arena, count * sizeof(*answers));
	pid_t parent = getpid(), child;
	int system_result, r;

	if (answers_fd < 0)
		return log_error_errno(errno, "cannot make a memory file");
	child = fork();
	if (child < 0)
		return log_error_errno(errno, "cannot start a helper");
	if (child == 0) {
		log_set_role("survey");
		_exit(serve(caller, questions, count, take_fd(&answers_fd), parent));
	}
	system_result = answer_system(arena, caller, questions, count, answers);
	r = wait_for_helper(child, caller);
	if (r < 0)
		return r;
	r = system_result ?: read_answers(arena, answers_fd, questions, count, answers);
	if (r < 0)
		return log_error_errno(r, "cannot look at the host as user %u", caller->uid);
	*ret_answers = answers;
	return 0;
}
