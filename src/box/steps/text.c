// SPDX-License-Identifier: Apache-2.0
// text.c - a plan as text, a step as a word
//
// The text form of a step is its name and its operands, as its row names them. It is what the
// golden tests compare, and what `tare step` reads back in a script: blanks and "%" in an operand
// are written %20 and %25, an absent one "-", numbers above 9 in hexadecimal.
#include "box/plan.h"

#include "base/fail.h"
#include "box/steps/op.h"

static const char *text_operand(const struct step *step, char which)
{
	return which == 'a' ? step->a : which == 'b' ? step->b : step->c;
}

static uint64_t number_operand(const struct step *step, char which)
{
	return which == 'n' ? step->n : which == 'm' ? step->m : (uint64_t)(int64_t)step->k;
}

static bool is_text(char which)
{
	return which >= 'a' && which <= 'c';
}

static void add_escaped(struct buf *out, const char *text)
{
	if (!text || !*text || str_eq(text, "-")) {
		buf_puts(out, text && *text ? "%2d" : text ? "%" : "-");
		return;
	}
	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text;
		if (byte <= ' ' || byte == '%' || byte == 0x7f)
			buf_printf(out, "%%%02x", byte);
		else
			buf_putc(out, (char)byte);
	}
}

void step_text(struct buf *out, const struct step *step)
{
	const struct op_row *row = op_row(step->op);
	buf_puts(out, row->name);
	for (const char *which = row->operands; *which; which++) {
		uint64_t number = number_operand(step, *which);
		buf_putc(out, ' ');
		if (is_text(*which))
			add_escaped(out, text_operand(step, *which));
		else
			buf_printf(out, number < 10 ? "%llu" : "0x%llx",
				   (unsigned long long)number);
	}
}

bool plan_is_secret(const struct plan *plan, const char *variable)
{
	const struct oci_strings *secret = &plan->spec->secret_env;
	for (size_t i = 0; i < secret->n; i++) {
		size_t n = strlen(secret->item[i]);
		if (strncmp(variable, secret->item[i], n) == 0 && variable[n] == '=')
			return true;
	}
	return false;
}

const char *actor_name(unsigned actor)
{
	static const char *const names[] = {[ACTOR_HOST] = "host",
					    [ACTOR_MID] = "mid",
					    [ACTOR_INIT] = "init",
					    [ACTOR_LATER] = "later"};
	return names[actor];
}

void plan_text(struct buf *out, const struct plan *plan)
{
	for (size_t i = 0; i < plan->steps_n; i++) {
		const struct step *step = &plan->steps[i];
		buf_printf(out, "%2zu %s ", i + 1, actor_name(step->actor));
		step_text(out, step);
		if (step->spare)
			buf_printf(out, " (or %s)", strerrorname_np(step->spare));
		buf_putc(out, '\n');
	}
}

static int read_text(struct arena *arena, struct str word, const char **ret_text)
{
	if (str_is(word, "-")) {
		*ret_text = NULL;
		return 0;
	}
	char *text = arena_alloc(arena, word.n + 1, 1);
	size_t n = 0;
	if (!str_is(word, "%")) {
		for (size_t i = 0; i < word.n; i++) {
			int high, low;
			if (word.p[i] != '%') {
				text[n++] = word.p[i];
				continue;
			}
			if (i + 2 >= word.n)
				return -EINVAL;
			high = str_hex_digit(word.p[i + 1]);
			low = str_hex_digit(word.p[i + 2]);
			if (high < 0 || low < 0 || (!high && !low)) // a NUL would end the text
				return -EINVAL;
			text[n++] = (char)(high << 4 | low);
			i += 2;
		}
	}
	*ret_text = text;
	return 0;
}

static int read_operand(struct arena *arena, struct str word, char which, struct step *step)
{
	if (is_text(which)) {
		const char **field = which == 'a' ? &step->a : which == 'b' ? &step->b : &step->c;
		return read_text(arena, word, field);
	}
	uint64_t number;
	if (word.n > 2 && word.p[0] == '0' && word.p[1] == 'x')
		TRY(str_hex((struct str){word.p + 2, word.n - 2}, &number));
	else
		TRY(str_number(word, UINT64_MAX, &number));
	if (which == 'n')
		step->n = number;
	else if (which == 'm')
		step->m = number;
	else if ((int64_t)number < INT32_MIN || (int64_t)number > INT32_MAX)
		return -ERANGE;
	else
		step->k = (int32_t)number;
	return 0;
}

int step_read(struct arena *arena, const char *text, struct step *ret_step)
{
	struct str rest = str_of(text);
	struct str name = str_word(&rest);
	struct step step = {.op = OP_COUNT, .actor = ACTOR_INIT};
	for (unsigned op = 0; op < OP_COUNT && name.p; op++)
		if (str_is(name, op_row(op)->name))
			step.op = (uint8_t)op;
	if (step.op == OP_COUNT)
		return fail(-EINVAL, "step '%s': there is no such step", text);
	for (const char *which = op_row(step.op)->operands; *which; which++) {
		struct str word = str_word(&rest);
		if (!word.p || read_operand(arena, word, *which, &step) < 0)
			return fail(-EINVAL, "step '%s': operand %zu makes no sense", text,
				    (size_t)(which - op_row(step.op)->operands) + 1);
	}
	if (str_word(&rest).p)
		return fail(-EINVAL, "step '%s': it has too many operands", text);
	*ret_step = step;
	return 0;
}
