// SPDX-License-Identifier: Apache-2.0
// hosts.c - lines for /etc/hosts, as --add-host names them
#include "engine/etc/hosts.h"

#include "base/fail.h"
#include "engine/etc/dns.h"

enum { NAME_MAX_BYTES = 253 };

static int bad(const char *text)
{
	fail(-EINVAL, "--add-host '%.64s': a name and an address are expected", text);
	fail_hint("it is written NAME:ADDRESS, like db:10.0.0.5");
	return -EINVAL;
}

static bool is_name(struct str name)
{
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '_' && c != '.')
			return false;
	}
	return name.n && name.n <= NAME_MAX_BYTES && name.p[0] != '-' && name.p[0] != '.';
}

int hosts_add(struct buf *out, const char *text)
{
	char address[64];
	struct str rest = str_of(text);
	struct str names = str_cut(&rest, strchr(text, '=') ? '=' : ':');
	if (strlen(text) > HOSTS_LINE_MAX || !rest.p)
		return bad(text);
	if (str_is(rest, "host-gateway")) {
		fail(-EOPNOTSUPP, "--add-host '%s': not yet", text);
		fail_hint("there are no networks whose gateway the host would be");
		return -EOPNOTSUPP;
	}
	if (rest.n > 2 && rest.p[0] == '[' && rest.p[rest.n - 1] == ']')
		rest = (struct str){rest.p + 1, rest.n - 2};
	if (rest.n >= sizeof(address))
		return bad(text);
	memcpy(address, rest.p, rest.n);
	address[rest.n] = '\0';
	if (!dns_is_address(address))
		return bad(text);
	while (names.p) {
		struct str name = str_cut(&names, ';');
		if (!is_name(name))
			return bad(text);
		buf_printf(out, "%s\t%.*s\n", address, (int)name.n, name.p);
	}
	return 0;
}
