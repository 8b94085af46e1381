// SPDX-License-Identifier: Apache-2.0
// generate.c - a program that runs during the build and prints the default filter as C
//
//	seccomp_generate x86_64|aarch64 >builtin.c
//
// It is made of the sources that compile filters at run time, for the machine that builds; the
// filter is for the machine that is named.
#include "kern/caps.h"
#include "kern/seccomp/seccomp.h"

int main(int argc, char **argv)
{
	_cleanup_(arena_free) struct arena arena = {0};
	struct seccomp_want want = {.capabilities = CAPS_DOCKER, .kernel = {UINT32_MAX, 0}};
	struct seccomp_filter filter;
	if (argc != 2 || (!str_eq(argv[1], "x86_64") && !str_eq(argv[1], "aarch64"))) {
		fprintf(stderr, "usage: seccomp_generate x86_64|aarch64\n");
		return 1;
	}
	want.machine = str_eq(argv[1], "x86_64") ? SECCOMP_X86_64 : SECCOMP_AARCH64;
	if (seccomp_compile(&arena, &seccomp_docker, &want, &filter) < 0)
		return 1;
	printf("// Made by seccomp_generate %s; edit profile.c instead.\n", argv[1]);
	printf("#include \"kern/seccomp/builtin.h\"\n\n");
	printf("const struct sock_filter seccomp_builtin[] = {\n");
	for (size_t i = 0; i < filter.n; i++) {
		struct sock_filter code = filter.code[i];
		printf("\t{0x%02x, %u, %u, 0x%08x},\n", code.code, code.jt, code.jf, code.k);
	}
	printf("};\nconst size_t seccomp_builtin_n = %zu;\n", filter.n);
	return ferror(stdout) || fflush(stdout) ? 1 : 0;
}
