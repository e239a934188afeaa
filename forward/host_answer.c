#include "forward/host_answer.h"

#include <errno.h>
#include <sys/stat.h>

static enum host_file_kind kind_of(mode_t mode)
{
	if (S_ISDIR(mode))
		return HOST_FILE_DIRECTORY;
	if (S_ISREG(mode))
		return HOST_FILE_REGULAR;
	if (S_ISSOCK(mode))
		return HOST_FILE_SOCKET;
	if (S_ISCHR(mode))
		return HOST_FILE_DEVICE;
	return HOST_FILE_OTHER;
}

struct host_file host_file_from(const struct survey_question *question,
				const struct survey_answer *answer)
{
	if (answer->error != 0)
		return (struct host_file) {
			.asked = question->path,
			.error = answer->error,
			.is_link = answer->link,
			.is_dangling = answer->link && answer->error == ENOENT,
		};
	return (struct host_file) {
		.asked = question->path,
		.path = answer->path,
		.kind = kind_of(answer->mode),
		.is_link = answer->link,
		.can_access = answer->can_access,
		.is_denied = answer->is_denied,
		.is_granted = answer->is_granted,
		.owner = answer->uid,
		.group = answer->gid,
		.mode = answer->mode,
		.device = answer->device,
		.size = S_ISREG(answer->mode) ? answer->size : 0,
		.content = answer->content,
		.content_length = answer->content_length,
	};
}

struct host_text host_text_from(const struct survey_question *question,
				const struct survey_answer *answer)
{
	struct host_text text = { .path = question->path, .error = answer->error };

	if (answer->error != 0)
		return text;
	if (answer->content_length >= HOST_TEXT_MAXIMUM) {
		text.error = EFBIG;
		return text;
	}
	text.content = answer->content;
	text.length = answer->content_length;
	return text;
}
