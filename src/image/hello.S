// SPDX-License-Identifier: Apache-2.0
// hello.S - the OCI archive that tools/mkimage made, as read-only data of the program
//
// The assembler copies the file between two labels. HELLO_ARCHIVE is its name, given by the build.
	.section .rodata
	.balign	16
	.global	image_hello_start, image_hello_end
	.hidden	image_hello_start, image_hello_end
image_hello_start:
	.incbin	HELLO_ARCHIVE
image_hello_end:
	.byte	0
	.section .note.GNU-stack, "", %progbits
