// SPDX-License-Identifier: Apache-2.0
// etc_files.c - /etc/hosts, /etc/hostname and /etc/resolv.conf, made for each container
//
// What a container is called and whom it asks for names belongs to the start, not to the image. So
// these files are made outside and bound over the root's own, which stay as they are.
#include "engine/etc_files.h"

#include <fcntl.h>

#include "base/buf.h"
#include "base/fail.h"
#include "base/fd.h"

static const char loopback_hosts[] = "127.0.0.1\tlocalhost\n"
				     "::1\tlocalhost ip6-localhost ip6-loopback\n"
				     "fe00::\tip6-localnet\n"
				     "ff00::\tip6-mcastprefix\n"
				     "ff02::1\tip6-allnodes\n"
				     "ff02::2\tip6-allrouters\n";

static bool is_loopback_server(struct str line)
{
	struct str word = str_word(&line);
	if (!word.p || !str_is(word, "nameserver"))
		return false;
	struct str address = str_word(&line);
	return address.p &&
	       ((address.n > 4 && !memcmp(address.p, "127.", 4)) || str_is(address, "::1"));
}

const char *etc_resolv_conf(struct arena *arena, struct str host)
{
	struct buf text = buf_new(arena, host.n + 1);
	while (host.n) {
		struct str line = str_line(&host);
		if (is_loopback_server(line))
			continue;
		buf_add(&text, line.p, line.n);
		buf_putc(&text, '\n');
	}
	return text.p;
}

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

int etc_files_make(struct arena *arena, const struct engine_place *place, const char *hostname,
		   bool host_network, const struct oci_mount *mounts, size_t mounts_n,
		   struct box_file ret_files[static ETC_FILES_MAX], size_t *ret_n)
{
	struct str resolv_conf, hosts = str_of(loopback_hosts);
	TRY(host_file(arena, place->etc, "resolv.conf", &resolv_conf));
	if (host_network)
		TRY(host_file(arena, place->etc, "hosts", &hosts));
	const struct box_file files[ETC_FILES_MAX] = {
		{"/etc/resolv.conf", "resolv.conf",
		 host_network ? resolv_conf.p : etc_resolv_conf(arena, resolv_conf)},
		{"/etc/hostname", "hostname", arena_printf(arena, "%s\n", hostname)},
		{"/etc/hosts", "hosts", hosts.p},
	};
	size_t n = 0;
	for (size_t i = 0; i < ETC_FILES_MAX; i++)
		if (!is_covered(files[i].destination, mounts, mounts_n))
			ret_files[n++] = files[i];
	*ret_n = n;
	return 0;
}
