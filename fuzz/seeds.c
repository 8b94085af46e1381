// SPDX-License-Identifier: Apache-2.0
// seeds.c - run a fuzz target over files, without a fuzzer
//
// A target is one function, LLVMFuzzerTestOneInput. libFuzzer brings a main of its own; this one
// takes its place where clang isn't there, so that every seed is a test under any compiler. The
// arguments are files, or directories whose files are taken.

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int run_file(const char *path)
{
	FILE *file = fopen(path, "re");
	if (!file) {
		fprintf(stderr, "seeds: open '%s': %s\n", path, strerror(errno));
		return 1;
	}
	char *text = NULL;
	size_t size = 0, room = 0;
	for (int c; (c = getc(file)) != EOF;) {
		if (size == room) {
			room = room ? 2 * room : 4096;
			text = realloc(text, room);
			if (!text)
				abort();
		}
		text[size++] = (char)c;
	}
	fclose(file);

	// A copy of exactly the size lets the address sanitizer see a read past the end.
	uint8_t *exact = malloc(size ? size : 1);
	if (!exact)
		abort();
	if (size)
		memcpy(exact, text, size);
	LLVMFuzzerTestOneInput(exact, size);
	free(exact);
	free(text);
	return 0;
}

static int run_directory(const char *path)
{
	DIR *dir = opendir(path);
	if (!dir) {
		fprintf(stderr, "seeds: open '%s': %s\n", path, strerror(errno));
		return 1;
	}
	int failed = 0;
	for (struct dirent *entry; (entry = readdir(dir));) {
		char name[4096];
		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
		failed |= run_file(name);
	}
	closedir(dir);
	return failed;
}

int main(int argc, char **argv)
{
	int failed = argc < 2;
	for (int i = 1; i < argc; i++) {
		struct stat status;
		bool directory = stat(argv[i], &status) == 0 && S_ISDIR(status.st_mode);
		failed |= directory ? run_directory(argv[i]) : run_file(argv[i]);
	}
	return failed;
}
