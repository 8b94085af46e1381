// SPDX-License-Identifier: Apache-2.0
// sys.h - system calls without a C library in between
//
// sys_call(number, arguments…) enters the kernel and returns what it answered: zero or more, or a
// negative errno. Nothing else is touched: no errno, no thread-local memory, no cancellation. The
// first process of a container is set up with these alone, as it may share its parent's memory.
#pragma once

#include <sys/syscall.h>

static inline long sys_call6(long number, long a, long b, long c, long d, long e, long f)
{
#if defined(__x86_64__)
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long result;
	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
#elif defined(__aarch64__)
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;
	__asm__ volatile("svc 0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return x0;
#else
#error "tare runs on x86-64 and aarch64"
#endif
}

// The argument list is filled up with zeros: the kernel reads only as many as the call has.
#define sys_call(...) SYS_CALL_FILL(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0)
#define SYS_CALL_FILL(number, a, b, c, d, e, f, ...)                                               \
	sys_call6((long)(number), (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
