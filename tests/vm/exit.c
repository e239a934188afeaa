/* Ends the virtual machine: its device isa-debug-exit makes QEMU exit with 2 * STATUS + 1. Debian's
 * cloud kernel has no /dev/port. Usage: vm-exit STATUS */
#include <stdio.h>
#include <stdlib.h>
#include <sys/io.h>

#define EXIT_PORT 0xf4

int main(int argc, char **argv)
{
	if (argc != 2)
		return 1;
	if (iopl(3) < 0) {
		perror("vm-exit");
		return 1;
	}
	outl((unsigned int)strtoul(argv[1], NULL, 10) & 0x7f, EXIT_PORT);
	return 1;
}
