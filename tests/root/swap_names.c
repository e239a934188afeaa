/* swap-names A B [MICROSECONDS|once]: exchanges the two names, each time at once, until it is
 * killed; without a pause, or with one of up to so many microseconds after each; or a single time.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	bool is_once = argc == 4 && strcmp(argv[3], "once") == 0;
	long pause = argc == 4 && !is_once ? strtol(argv[3], NULL, 10) : 0;

	if (argc != 3 && argc != 4)
		return 2;
	while (renameat2(AT_FDCWD, argv[1], AT_FDCWD, argv[2], RENAME_EXCHANGE) == 0) {
		if (is_once)
			return 0;
		if (pause > 0)
			(void)usleep((useconds_t)(random() % pause));
	}
	perror(argv[1]);
	return 1;
}
