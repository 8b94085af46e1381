// SPDX-License-Identifier: Apache-2.0
// embedded.c - the OCI archive of hello, which the program carries with it
//
// The assembler copies the file that tools/mkimage made into the program's read-only data, between
// two labels. HELLO_ARCHIVE is its name, given by the build.
#include "image/embedded.h"

__asm__(".pushsection .rodata\n"
	".balign 16\n"
	"image_embedded_start:\n"
	".incbin \"" HELLO_ARCHIVE "\"\n"
	"image_embedded_end:\n"
	".byte 0\n"
	".popsection\n");

extern const char image_embedded_start[], image_embedded_end[];

struct str image_embedded(void)
{
	return (struct str){image_embedded_start,
			    (size_t)(image_embedded_end - image_embedded_start)};
}
