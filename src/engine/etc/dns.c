// SPDX-License-Identifier: Apache-2.0
// dns.c - resolv.conf, of the host's and of --dns and its kin
//
// The file has lines of a keyword and values: "nameserver ADDRESS", "search DOMAIN…", of which
// "domain" is an older form, "options OPTION…", see resolv.conf(5). Each kind comes from the
// options or from the host, as in Docker.
#include "engine/etc/dns.h"

#include <arpa/inet.h>

#include "base/buf.h"
#include "base/fail.h"

enum {
	DOMAIN_MAX = 255, // bytes of a domain
	OPTION_MAX = 64,  // and of an option
};

bool dns_is_address(const char *text)
{
	unsigned char address[16];
	return inet_pton(AF_INET, text, address) == 1 || inet_pton(AF_INET6, text, address) == 1;
}

static bool is_domain(const char *text)
{
	size_t n = strlen(text);
	bool letter = false;
	for (size_t i = 0; i < n; i++) {
		char c = text[i];
		letter = letter || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.", c))
			return false;
		if (c == '.' && (i == 0 || text[i - 1] == '.'))
			return false;
	}
	return letter && n <= DOMAIN_MAX && text[0] != '-';
}

static bool is_option(const char *text)
{
	size_t n = strlen(text);
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)text[i] <= ' ' || (unsigned char)text[i] >= 0x7f)
			return false;
	return n > 0 && n <= OPTION_MAX;
}

int dns_parse(const struct oci_strings *servers, const struct oci_strings *search,
	      const struct oci_strings *options, struct dns *ret_dns)
{
	struct dns dns = {*servers, *search, *options, false};
	dns.none = servers->n == 1 && str_eq(servers->item[0], "none");
	for (size_t i = 0; !dns.none && i < servers->n; i++)
		if (!dns_is_address(servers->item[i]))
			return fail(-EINVAL, "--dns '%.64s': not an IP address", servers->item[i]);
	for (size_t i = 0; i < search->n; i++)
		if (!is_domain(search->item[i]) &&
		    !(search->n == 1 && str_eq(search->item[i], ".")))
			return fail(-EINVAL, "--dns-search '%.64s': not a domain", search->item[i]);
	for (size_t i = 0; i < options->n; i++)
		if (!is_option(options->item[i]))
			return fail(-EINVAL, "--dns-option '%.64s': not an option",
				    options->item[i]);
	if (dns.none && (search->n || options->n))
		return fail(-EINVAL, "--dns none: --dns-search and --dns-option say what stands in "
				     "the file that it leaves alone");
	*ret_dns = dns;
	return 0;
}

static bool is_local(struct str address)
{
	return address.p &&
	       ((address.n > 4 && !memcmp(address.p, "127.", 4)) || str_is(address, "::1"));
}

// Whether a line of the host's stays.
static bool stays(struct str line, bool keep_local, const struct dns *dns)
{
	struct str word = str_word(&line);
	if (!word.p)
		return true;
	if (str_is(word, "nameserver"))
		return !dns->servers.n && (keep_local || !is_local(str_word(&line)));
	if (str_is(word, "search") || str_is(word, "domain"))
		return !dns->search.n;
	return !str_is(word, "options") || !dns->options.n;
}

static void add_line(struct buf *out, const char *keyword, const struct oci_strings *values)
{
	if (!values->n || (values->n == 1 && str_eq(values->item[0], ".")))
		return;
	buf_puts(out, keyword);
	for (size_t i = 0; i < values->n; i++)
		buf_printf(out, " %s", values->item[i]);
	buf_putc(out, '\n');
}

static size_t size_of(const struct oci_strings *values)
{
	size_t n = 0;
	for (size_t i = 0; i < values->n; i++)
		n += strlen(values->item[i]) + sizeof("nameserver \n");
	return n + sizeof("options\n");
}

const char *dns_resolv_conf(struct arena *arena, struct str host, bool keep_local,
			    const struct dns *dns)
{
	struct buf text = buf_new(arena, host.n + 2 + size_of(&dns->servers) +
						 size_of(&dns->search) + size_of(&dns->options));
	while (host.n) {
		struct str line = str_line(&host);
		if (!stays(line, keep_local, dns))
			continue;
		buf_add(&text, line.p, line.n);
		buf_putc(&text, '\n');
	}
	for (size_t i = 0; i < dns->servers.n; i++)
		buf_printf(&text, "nameserver %s\n", dns->servers.item[i]);
	add_line(&text, "search", &dns->search);
	add_line(&text, "options", &dns->options);
	return text.p;
}
