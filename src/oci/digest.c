// SPDX-License-Identifier: Apache-2.0
// digest.c - reading and writing the names of content
//
// The grammar, from descriptor.md of the image specification:
//
//	digest     algorithm ":" encoded
//	algorithm  component { ("+" | "." | "_" | "-") component }
//	component  lowercase letters and digits
//	encoded    letters, digits, "=", "_", "-"
#include "oci/digest.h"

#include "base/fail.h"

static bool is_lower_hex(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (str_hex_digit(text[i]) < 0)
			return false;
	}
	return true;
}

int digest_parse(struct str text, struct digest *ret_digest)
{
	static const char prefix[] = "sha256:";
	size_t skip = sizeof(prefix) - 1;
	if (text.n != DIGEST_TEXT || memcmp(text.p, prefix, skip) ||
	    !is_lower_hex(text.p + skip, DIGEST_HEX))
		return fail(-EINVAL,
			    "digest '%.*s': wants 'sha256:' and 64 lowercase hexadecimal digits",
			    (int)min_of(text.n, (size_t)80), text.p ? text.p : "");
	for (size_t i = 0; i < DIGEST_SIZE; i++) {
		const char *pair = text.p + skip + 2 * i;
		ret_digest->bytes[i] =
			(unsigned char)(str_hex_digit(pair[0]) << 4 | str_hex_digit(pair[1]));
	}
	return 0;
}

void digest_print(const struct digest *digest, char ret_text[DIGEST_TEXT + 1])
{
	static const char digits[] = "0123456789abcdef";
	memcpy(ret_text, "sha256:", 7);
	for (size_t i = 0; i < DIGEST_SIZE; i++) {
		ret_text[7 + 2 * i] = digits[digest->bytes[i] >> 4];
		ret_text[8 + 2 * i] = digits[digest->bytes[i] & 15];
	}
	ret_text[DIGEST_TEXT] = '\0';
}

static bool is_algorithm(struct str text)
{
	bool in_component = false; // the last character was a letter or digit
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
		if (!plain && !(in_component && strchr("+._-", c)))
			return false;
		in_component = plain;
	}
	return in_component;
}

static bool is_encoded(const char *text)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789=_-";
	return *text && text[strspn(text, allowed)] == '\0';
}

const char *digest_check(const char *text)
{
	struct str rest = str_of(text), algorithm = str_cut(&rest, ':');
	if (!rest.p || !is_algorithm(algorithm) || !is_encoded(rest.p))
		return "a digest, such as 'sha256:' and 64 hexadecimal digits";
	size_t wanted = str_is(algorithm, "sha256") ? 64 : str_is(algorithm, "sha512") ? 128 : 0;
	if (wanted && (rest.n != wanted || !is_lower_hex(rest.p, rest.n)))
		return wanted == 64 ? "64 lowercase hexadecimal digits after 'sha256:'"
				    : "128 lowercase hexadecimal digits after 'sha512:'";
	return NULL;
}
