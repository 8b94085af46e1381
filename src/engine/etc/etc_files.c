// SPDX-License-Identifier: Apache-2.0
// etc_files.c - /etc/hosts, /etc/hostname and /etc/resolv.conf, made for each container
//
// What a container is called and whom it asks for names belongs to the start, not to the image. So
// these files are made outside and bound over the root's own, which stay as they are.
#include "engine/etc/etc_files.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/fail.h"
#include "base/fd.h"
#include "engine/etc/hosts.h"

static const char loopback_hosts[] = "127.0.0.1\tlocalhost\n"
				     "::1\tlocalhost ip6-localhost ip6-loopback\n"
				     "fe00::\tip6-localnet\n"
				     "ff00::\tip6-mcastprefix\n"
				     "ff02::1\tip6-allnodes\n"
				     "ff02::2\tip6-allrouters\n";

static int host_file(struct arena *arena, const char *directory, const char *name,
		     struct str *ret_text)
{
	const char *path = arena_printf(arena, "%s/%s", directory, name);
	int error = file_read(arena, AT_FDCWD, path, ETC_FILE_SIZE_MAX, ret_text);
	if (error == -ENOENT) {
		*ret_text = STR("");
		return 0;
	}
	return error ? fail_sys(error, "read '%s'", path) : 0;
}

static bool is_covered(const char *destination, const struct oci_mount *mounts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(mounts[i].destination, destination) ||
		    str_eq(mounts[i].destination, "/etc"))
			return true;
	return false;
}

static int given_file(struct arena *arena, const char *path, struct str *ret_text)
{
	struct stat status;
	if (stat(path, &status))
		return fail_sys(-errno, "--hosts-file '%s'", path);
	if (!S_ISREG(status.st_mode))
		return fail(-EINVAL, "--hosts-file '%s': not a regular file", path);
	int error = file_read(arena, AT_FDCWD, path, ETC_FILE_SIZE_MAX, ret_text);
	if (error)
		return fail_sys(error, "--hosts-file '%s'", path);
	if (memchr(ret_text->p, '\0', ret_text->n))
		return fail(-EINVAL, "--hosts-file '%s': not a text", path);
	return 0;
}

// What the file of names begins with: the host's where the network is, unless an option says.
static int hosts_begin(struct arena *arena, const struct etc_want *want, const char *etc,
		       struct str *ret_text)
{
	*ret_text = str_of(loopback_hosts);
	if (want->hosts_file && str_eq(want->hosts_file, "none"))
		return 0;
	if (want->hosts_file)
		return given_file(arena, want->hosts_file, ret_text);
	return want->host_network ? host_file(arena, etc, "hosts", ret_text) : 0;
}

// And what --add-host adds.
static int hosts(struct arena *arena, const struct etc_want *want, const char *etc,
		 const char **ret_text)
{
	struct str begin;
	TRY(hosts_begin(arena, want, etc, &begin));
	if (!want->add_host.n) {
		*ret_text = begin.p;
		return 0;
	}
	struct buf text = buf_new(arena, begin.n + 2 + want->add_host.n * 2 * HOSTS_LINE_MAX);
	buf_add(&text, begin.p, begin.n);
	if (begin.n && begin.p[begin.n - 1] != '\n')
		buf_putc(&text, '\n');
	for (size_t i = 0; i < want->add_host.n; i++)
		TRY(hosts_add(&text, want->add_host.item[i]));
	*ret_text = text.p;
	return 0;
}

static int resolv_conf(struct arena *arena, const struct etc_want *want, const char *etc,
		       const char **ret_text)
{
	struct str host;
	const struct dns *dns = &want->dns;
	TRY(host_file(arena, etc, "resolv.conf", &host));
	bool plain = !dns->servers.n && !dns->search.n && !dns->options.n;
	*ret_text = want->host_network && plain
			    ? host.p
			    : dns_resolv_conf(arena, host, want->host_network, dns);
	return 0;
}

int etc_files_make(struct arena *arena, const struct engine_place *place,
		   const struct etc_want *want, const struct oci_mount *mounts, size_t mounts_n,
		   struct box_file ret_files[static ETC_FILES_MAX], size_t *ret_n)
{
	struct box_file files[ETC_FILES_MAX] = {
		{"/etc/resolv.conf", "resolv.conf", NULL},
		{"/etc/hostname", "hostname", arena_printf(arena, "%s\n", want->hostname)},
		{"/etc/hosts", "hosts", NULL},
	};
	const bool wanted[ETC_FILES_MAX] = {!want->dns.none, !want->no_hostname, !want->no_hosts};
	size_t n = 0;
	TRY(resolv_conf(arena, want, place->etc, &files[0].text));
	if (!want->no_hosts)
		TRY(hosts(arena, want, place->etc, &files[2].text));
	for (size_t i = 0; i < ETC_FILES_MAX; i++)
		if (wanted[i] && !is_covered(files[i].destination, mounts, mounts_n))
			ret_files[n++] = files[i];
	*ret_n = n;
	return 0;
}
