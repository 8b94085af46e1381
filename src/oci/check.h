// SPDX-License-Identifier: Apache-2.0
// check.h - what texts of runtime documents must look like
//
// For the shape tables: each returns what is wanted instead, or NULL where the text is right.
#pragma once

const char *oci_check_absolute(const char *text); // "/a"
const char *oci_check_variable(const char *text); // "NAME=value"
const char *oci_check_version(const char *text);  // "1.2.0", "1.0.2-dev"
const char *oci_check_line(const char *text);     // holds no newline
const char *oci_check_cpus(const char *text);     // "0-3,7", also with blanks; empty: none
