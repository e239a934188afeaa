#include "base/diag.h"

#include <stdarg.h>

static void diag_append(struct diag *diag, enum diag_level level, const char *text)
{
	diag->entries = arena_grow(diag->arena, diag->entries, diag->count, sizeof(*diag->entries));
	diag->entries[diag->count++] = (struct diag_entry) { .level = level, .text = text };
	if (level == DIAG_FAULT)
		diag->fault_count++;
}

void diag_fault(struct diag *diag, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	diag_append(diag, DIAG_FAULT, arena_vprintf(diag->arena, format, arguments));
	va_end(arguments);
}

void diag_warning(struct diag *diag, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	diag_append(diag, DIAG_WARNING, arena_vprintf(diag->arena, format, arguments));
	va_end(arguments);
}

void diag_hint(struct diag *diag, const char *format, ...)
{
	va_list arguments;

	if (diag->count == 0)
		return;
	va_start(arguments, format);
	diag->entries[diag->count - 1].hint = arena_vprintf(diag->arena, format, arguments);
	va_end(arguments);
}
