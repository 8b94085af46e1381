// SPDX-License-Identifier: Apache-2.0
// true.c - the least a workload can be: it ends at once or, with an argument, waits to be killed
#include <unistd.h>

int main(int argc, char **argv unused_)
{
	if (argc > 1)
		pause();
	return 0;
}
