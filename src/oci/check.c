// SPDX-License-Identifier: Apache-2.0
// check.c - what texts of runtime documents must look like
#include "oci/check.h"

const char *oci_check_absolute(const char *text)
{
	return text[0] == '/' ? NULL : "an absolute path";
}

const char *oci_check_variable(const char *text)
{
	const char *equals = strchr(text, '=');
	return equals && equals > text ? NULL : "NAME=value";
}

// SemVer 2.0.0: three numbers, then perhaps "-…" and "+…".
const char *oci_check_version(const char *text)
{
	static const char wanted[] = "a version such as 1.2.0";
	const char *at = text;
	for (int part = 0; part < 3; part++) {
		size_t digits = strspn(at, "0123456789");
		if (!digits || (digits > 1 && *at == '0'))
			return wanted;
		at += digits;
		if (part < 2 && *at++ != '.')
			return wanted;
	}
	if (!*at)
		return NULL;
	bool more = (*at == '-' || *at == '+') && at[1];
	return more && !strpbrk(at, " \t\n/") ? NULL : wanted;
}

const char *oci_check_line(const char *text)
{
	return strchr(text, '\n') ? "one line" : NULL;
}

const char *oci_check_cpus(const char *text)
{
	return text[strspn(text, "0123456789, -")] ? "a list of numbers such as 0-3,7" : NULL;
}
