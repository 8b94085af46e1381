// SPDX-License-Identifier: Apache-2.0
// reaper_program.S - the program of --init, as read-only data
//
// The assembler copies the file between two labels. REAPER_PROGRAM is its name, given by the build.
	.section .rodata
	.balign	16
	.global	reaper_program, reaper_program_end
	.hidden	reaper_program, reaper_program_end
reaper_program:
	.incbin	REAPER_PROGRAM
reaper_program_end:
	.byte	0
	.section .note.GNU-stack, "", %progbits
