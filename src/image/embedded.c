// SPDX-License-Identifier: Apache-2.0
// embedded.c - the OCI archive of hello, which the program carries with it
#include "image/embedded.h"

extern const char image_hello_start[], image_hello_end[]; // hello.S

struct str image_embedded(void)
{
	size_t size = (uintptr_t)image_hello_end - (uintptr_t)image_hello_start;
	return (struct str){image_hello_start, size};
}
