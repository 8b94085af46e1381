// SPDX-License-Identifier: Apache-2.0
// descriptor.c - descriptors and platforms, as tables
#include "oci/descriptor.h"

#include "oci/digest.h"

static bool is_alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// One of the two names of a media type (RFC 6838, 4.2): 1 to 127 characters, the first plain.
static bool is_restricted_name(struct str name)
{
	if (!name.n || name.n > 127 || !is_alphanumeric(name.p[0]))
		return false;
	for (size_t i = 1; i < name.n; i++) {
		if (!is_alphanumeric(name.p[i]) && !strchr("!#$&-^_.+", name.p[i]))
			return false;
	}
	return true;
}

const char *media_type_check(const char *text)
{
	struct str rest = str_of(text), type = str_cut(&rest, '/');
	if (!is_restricted_name(type) || !is_restricted_name(rest))
		return "a media type, such as application/json";
	return NULL;
}

// Scheme, colon, something (RFC 3986, 3).
static const char *check_url(const char *text)
{
	struct str rest = str_of(text), scheme = str_cut(&rest, ':');
	bool good = scheme.n && rest.n && is_alphanumeric(scheme.p[0]);
	for (size_t i = 1; good && i < scheme.n; i++)
		good = is_alphanumeric(scheme.p[i]) || strchr("+-.", scheme.p[i]);
	return good ? NULL : "a URL";
}

static const char *check_base64(const char *text)
{
	static const char alphabet[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "0123456789+/";
	size_t n = strlen(text), plain = strspn(text, alphabet);
	size_t padding = strspn(text + plain, "=");
	return n % 4 == 0 && plain + padding == n && padding <= 2 ? NULL : "base64";
}

static const struct shape_field platform_fields[] = {
	SHAPE_TEXT_OF("architecture", struct oci_platform, architecture, .flags = SHAPE_REQUIRED),
	SHAPE_TEXT_OF("os", struct oci_platform, os, .flags = SHAPE_REQUIRED),
	SHAPE_TEXT_OF("os.version", struct oci_platform, os_version),
	OCI_STRINGS_OF("os.features", struct oci_platform, os_features),
	SHAPE_TEXT_OF("variant", struct oci_platform, variant),
};
static const struct shape platform_shape = SHAPE("platform", struct oci_platform, platform_fields);

static const struct shape_field fields[] = {
	SHAPE_TEXT_OF("mediaType", struct oci_descriptor, media_type, .flags = SHAPE_REQUIRED,
		      .check = media_type_check),
	SHAPE_TEXT_OF("digest", struct oci_descriptor, digest, .flags = SHAPE_REQUIRED,
		      .check = digest_check),
	SHAPE_INT64_OF("size", struct oci_descriptor, size, .flags = SHAPE_REQUIRED,
		       .most = INT64_MAX),
	OCI_STRINGS_OF("urls", struct oci_descriptor, urls, .check = check_url),
	SHAPE_TEXT_OF("data", struct oci_descriptor, data, .check = check_base64),
	SHAPE_TEXT_OF("artifactType", struct oci_descriptor, artifact_type,
		      .check = media_type_check),
	SHAPE_POINTER_OF("platform", struct oci_descriptor, platform, struct oci_platform,
			 &platform_shape),
	OCI_PAIRS_OF("annotations", struct oci_descriptor, annotations),
};
const struct shape oci_descriptor_shape = SHAPE("descriptor", struct oci_descriptor, fields);

int oci_descriptor_parse(struct arena *arena, struct str text, struct oci_descriptor *ret)
{
	return shape_parse(arena, &oci_descriptor_shape, text, ret);
}

void oci_descriptor_print(struct buf *buf, const struct oci_descriptor *descriptor)
{
	struct json_writer json = json_writer_new(buf, JSON_COMPACT);
	shape_print(&json, &oci_descriptor_shape, descriptor);
}
