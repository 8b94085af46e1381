// SPDX-License-Identifier: Apache-2.0
// count.c - count the instructions a container engine needs until the workload begins
//
//	count [--where] [--to-end] COMMAND [ARGUMENT…]
//
// Single-steps the command and every process it makes, from its own exec to the first exec of any
// of them or, with --to-end, to its own end, and prints how many instructions each process took in
// user space. No processor counter
// is needed and the count hardly varies, where times on a shared machine do. A string instruction
// that repeats itself counts once, as a processor counts it.
//
// With --where the places follow, `ADDRESS COUNT` a line, the address as the file of the program
// numbers it: tools that know the symbols add up what belongs together. Only the program itself is
// told there; what lies outside it, as the kernel's vdso, is summed up under address 0.
//
// It steps through a start about five thousand times slower than it runs; the steps of a start do
// not depend on time, and the child has no deadline to miss.
#include <elf.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROCESSES_MAX = 16, PLACES_MAX = 8 << 20, FAILED = 125 };

struct process {
	pid_t pid;
	uint64_t count; // instructions so far
	uint64_t last;  // where it stood at the last stop
};

static struct process processes[PROCESSES_MAX];
static size_t processes_n;

static uint64_t base, end; // of the program in the memory of the first process
static uint32_t *places;   // how often each byte of it was an instruction's first
static uint64_t elsewhere;

static noreturn_ void give_up(const char *what)
{
	perror(what);
	for (size_t i = 0; i < processes_n; i++)
		kill(processes[i].pid, SIGKILL);
	exit(FAILED);
}

static struct process *find(pid_t pid)
{
	for (size_t i = 0; i < processes_n; i++)
		if (processes[i].pid == pid)
			return &processes[i];
	if (processes_n == PROCESSES_MAX) {
		errno = ENOSPC;
		give_up("too many processes");
	}
	processes[processes_n] = (struct process){.pid = pid};
	return &processes[processes_n++];
}

static uint64_t program_counter(pid_t pid)
{
	struct user_regs_struct registers;
	struct iovec part = {&registers, sizeof(registers)};
	if (ptrace(PTRACE_GETREGSET, pid, (void *)NT_PRSTATUS, &part))
		return 0;
#if defined(__x86_64__)
	return registers.rip;
#else
	return registers.pc;
#endif
}

static void note(struct process *process)
{
	uint64_t here = program_counter(process->pid);
	if (here == process->last)
		return;
	process->count++;
	process->last = here;
	if (!places)
		return;
	if (here >= base && here < end)
		places[here - base]++;
	else
		elsewhere++;
}

// Where the kernel put the program: the first file in the memory map. A heap may lie before it, and
// anonymous memory that belongs to it has no name.
static void find_program(pid_t pid)
{
	char path[64], line[512], name[256] = "", first[256] = "";
	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	FILE *maps = fopen(path, "re");
	if (!maps)
		give_up(path);
	while (fgets(line, sizeof(line), maps)) {
		unsigned long long from, to;
		int n = sscanf(line, "%llx-%llx %*s %*s %*s %*s %255s", &from, &to, name);
		if (n != 3 || name[0] != '/')
			continue;
		if (!base) {
			base = from;
			memcpy(first, name, sizeof(first));
		}
		if (str_eq(first, name))
			end = to;
	}
	fclose(maps);
	if (end - base > PLACES_MAX || !base) {
		errno = E2BIG;
		give_up("find the program in memory");
	}
	places = calloc(end - base, sizeof(*places));
	if (!places)
		give_up("count places");
}

static void print_places(void)
{
	for (uint64_t i = 0; i < end - base; i++)
		if (places[i])
			printf("%llx %u\n", (unsigned long long)i, places[i]);
	printf("0 %llu\n", (unsigned long long)elsewhere);
}

static pid_t start(char **command)
{
	pid_t pid = fork();
	if (pid < 0)
		give_up("fork");
	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		execvp(command[0], command);
		perror(command[0]);
		_exit(FAILED);
	}
	int status;
	if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		give_up(command[0]);
	long options = PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
		       PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
	if (ptrace(PTRACE_SETOPTIONS, pid, NULL, (void *)options))
		give_up("trace");
	return pid;
}

// Steps whatever stops until a process becomes another program, or the last one ends; or until the
// end of `first`, if there is one.
static bool step(pid_t first)
{
	size_t alive = 1;
	for (;;) {
		int status;
		pid_t pid = waitpid(-1, &status, __WALL);
		if (pid < 0)
			return false;
		if (WIFEXITED(status) || WIFSIGNALED(status)) {
			if (pid == first)
				return true;
			if (--alive == 0)
				return false;
			continue;
		}
		size_t before = processes_n;
		struct process *process = find(pid);
		alive += processes_n - before;
		int event = status >> 16, signal_ = WSTOPSIG(status);
		if (event == PTRACE_EVENT_EXEC && !first)
			return true;
		if (signal_ == SIGTRAP)
			note(process);
		bool pass = signal_ != SIGTRAP && signal_ != SIGSTOP;
		ptrace(PTRACE_SINGLESTEP, pid, NULL, (void *)(pass ? (long)signal_ : 0L));
	}
}

// What was begun goes on to its end, as it cleans up after itself. A process that is in the kernel
// (a vfork's parent, one that waits for its start) can only be let go at its next stop, which a
// signal makes: it is taken back with it.
static void let_go(void)
{
	int status;
	pid_t pid;
	for (size_t i = 0; i < processes_n; i++)
		if (ptrace(PTRACE_DETACH, processes[i].pid, NULL, NULL))
			kill(processes[i].pid, SIGSTOP);
	while ((pid = waitpid(-1, &status, __WALL)) > 0)
		if (WIFSTOPPED(status)) {
			ptrace(PTRACE_DETACH, pid, NULL, NULL);
			kill(pid, SIGCONT);
		}
}

int main(int argc, char **argv)
{
	char **command = argv + (argc > 0);
	bool where = *command && str_eq(*command, "--where");
	command += where;
	bool to_end = *command && str_eq(*command, "--to-end");
	command += to_end;
	if (!*command) {
		fputs("usage: count [--where] [--to-end] COMMAND [ARGUMENT...]\n", stderr);
		return 2;
	}
	pid_t pid = start(command);
	find(pid);
	if (where)
		find_program(pid);
	ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL);
	if (!step(to_end ? pid : 0)) {
		fprintf(stderr, "count: '%s' ended and started nothing\n", command[0]);
		return FAILED;
	}
	uint64_t sum = 0;
	for (size_t i = 0; i < processes_n; i++) {
		sum += processes[i].count;
		fprintf(stderr, "process %zu: %llu\n", i + 1,
			(unsigned long long)processes[i].count);
	}
	fprintf(stderr, "instructions: %llu\n", (unsigned long long)sum);
	if (where)
		print_places();
	let_go();
	return 0;
}
