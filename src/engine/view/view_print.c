// SPDX-License-Identifier: Apache-2.0
// view_print.c - a view as three columns, and as JSON
//
// Name, inside, outside: on a terminal a cell that is wider than its column goes on in the line
// below, so that the columns stay what they are.
#include "engine/view/view.h"

#include "base/ago.h"
#include "base/json_write.h"
#include "base/msg.h"

#include <time.h>

enum { NAME_MOST = 28, CELL_LEAST = 10, CELL_MOST = 40, GAP = 2, CELLS = 3, CELL_MAX = 64 << 10 };

static const char bold[] = "\033[1m", dim[] = "\033[2m", plain[] = "\033[0m";

static const char *code(const struct view_look *look, const char *escape)
{
	return look->colour ? escape : "";
}

static const char *safe(struct arena *arena, const char *text)
{
	struct buf out = buf_new(arena, CELL_MAX);
	msg_escape(&out, str_of(text ? text : ""));
	return out.p;
}

static size_t width_of(struct str text)
{
	size_t width = 0;
	for (size_t i = 0; i < text.n; i++)
		width += ((unsigned char)text.p[i] & 0xc0) != 0x80;
	return width;
}

// Bytes of the first `width` characters.
static size_t bytes_of(struct str text, size_t width)
{
	size_t at = 0;
	while (at < text.n) {
		bool begins = ((unsigned char)text.p[at] & 0xc0) != 0x80;
		if (begins && !width--)
			break;
		at++;
	}
	return at;
}

// Cuts what fits into a line off *rest, between words where that can be.
static struct str cut_line(struct str *rest, size_t width)
{
	struct str all = *rest;
	if (!width || width_of(all) <= width) {
		*rest = (struct str){0};
		return all;
	}
	size_t n = bytes_of(all, width), end = n;
	while (end && all.p[end] != ' ')
		end--;
	size_t next = end ? end + 1 : n;
	*rest = (struct str){all.p + next, all.n - next};
	return (struct str){all.p, end ? end : n};
}

static void print_cells(struct buf *out, const char *const cells[CELLS], const size_t widths[CELLS],
			const struct view_look *look)
{
	struct str rest[CELLS];
	for (int i = 0; i < CELLS; i++)
		rest[i] = str_of(safe(out->arena, cells[i]));
	for (bool first = true; first || rest[0].n || rest[1].n || rest[2].n; first = false) {
		size_t blanks = GAP;
		for (int i = 0; i < CELLS; i++) {
			struct str part = cut_line(&rest[i], look->width ? widths[i] : 0);
			if (part.n)
				buf_printf(out, "%*s", (int)blanks, "");
			buf_add(out, part.p, part.n);
			size_t width = width_of(part);
			size_t left = widths[i] > width ? widths[i] - width : 0;
			blanks = (part.n ? 0 : blanks) + left + GAP;
		}
		buf_putc(out, '\n');
	}
}

static void choose_widths(const char *title, const struct view_rows *rows,
			  const struct view_look *look, size_t ret_widths[CELLS])
{
	size_t name = strlen(title), inside = CELL_LEAST;
	for (size_t i = 0; i < rows->n; i++) {
		name = max_of(name, width_of(str_of(rows->item[i].name)));
		inside = max_of(inside, width_of(str_of(rows->item[i].inside)));
	}
	size_t most = look->width ? min_of(look->width / 3, (unsigned)NAME_MOST) : CELL_MOST;
	ret_widths[0] = min_of(name, most);
	size_t room = look->width > ret_widths[0] + CELLS * GAP
			      ? look->width - ret_widths[0] - CELLS * GAP
			      : 2 * CELL_LEAST;
	ret_widths[1] = min_of(inside, look->width ? room / 2 : (size_t)CELL_MOST);
	ret_widths[2] = look->width ? max_of(room - ret_widths[1], (size_t)CELL_LEAST) : 0;
}

static void heading(struct buf *out, const char *title, const size_t widths[CELLS],
		    const struct view_look *look)
{
	int first = (int)(widths[0] + GAP), second = (int)(widths[1] + GAP);
	buf_printf(out, "\n%s%-*s%s%s%-*s%s%s\n", code(look, bold), first + GAP, title,
		   code(look, plain), code(look, dim), second, "inside", "outside",
		   code(look, plain));
}

static void print_rows(struct buf *out, const char *title, const struct view_rows *rows,
		       const struct view_look *look)
{
	size_t widths[CELLS];
	if (!rows->n)
		return;
	choose_widths(title, rows, look, widths);
	heading(out, title, widths, look);
	for (size_t i = 0; i < rows->n; i++) {
		const struct view_row *row = &rows->item[i];
		const char *cells[CELLS] = {row->name, row->inside, row->outside};
		print_cells(out, cells, widths, look);
	}
}

static const char *numbers(struct arena *arena, uint32_t pid, bool has_user, uint32_t uid)
{
	if (!pid)
		return "none";
	return has_user ? arena_printf(arena, "%u, user %u", pid, uid)
			: arena_printf(arena, "%u, user unmapped", pid);
}

static void print_processes(struct buf *out, const struct view *view, const struct view_look *look)
{
	struct view_rows rows = {arena_array(out->arena, struct view_row, view->processes_n + 1),
				 0};
	for (size_t i = 0; i < view->processes_n; i++) {
		const struct view_process *process = &view->processes[i];
		const char *name = process->state == 'Z' ? arena_printf(out->arena, "%s (zombie)",
									process->command)
							 : process->command;
		rows.item[rows.n++] = (struct view_row){
			name,
			numbers(out->arena, process->pid_inside, process->mapped,
				process->uid_inside),
			numbers(out->arena, process->pid_outside, true, process->uid_outside),
		};
	}
	if (view->processes_more)
		rows.item[rows.n++].name =
			arena_printf(out->arena, "and %zu more", view->processes_more);
	print_rows(out, "Processes", &rows, look);
}

static void print_head(struct buf *out, const struct view *view, const struct view_look *look)
{
	const struct box_record *record = view->record;
	buf_puts(out, code(look, bold));
	if (record)
		buf_printf(out, "container %s (%.12s)", safe(out->arena, record->name), record->id);
	else
		buf_printf(out, "process %u", view->pid);
	buf_puts(out, code(look, plain));
	if (record)
		buf_printf(out, ", of %s, up %s, first process %u",
			   safe(out->arena, record->image ? record->image : "no image"),
			   ago_text(out->arena, time(NULL) - record->created), view->pid);
	else
		buf_printf(out, ": %s", safe(out->arena, view->command));
	buf_putc(out, '\n');
}

void view_text(struct buf *out, const struct view *view, const struct view_look *look)
{
	static const char *const titles[VIEW_SECTIONS] = {
		[VIEW_USERS] = "Users",   [VIEW_NAMESPACES] = "Namespaces",
		[VIEW_MOUNTS] = "Mounts", [VIEW_RIGHTS] = "Rights",
		[VIEW_LIMITS] = "Limits", [VIEW_NETWORK] = "Network"};
	print_head(out, view, look);
	print_processes(out, view, look);
	for (int i = 0; i < VIEW_SECTIONS; i++)
		print_rows(out, titles[i], &view->rows[i], look);
	for (size_t i = 0; i < view->unseen.n; i++)
		buf_printf(out, "%s%s  %s\n", i ? "" : "\nNot seen\n", "",
			   safe(out->arena, view->unseen.item[i]));
}

// --- JSON ---------------------------------------------------------------------------------------

static void put_text(struct json_writer *json, const char *key, const char *text)
{
	json_key(json, key);
	json_put_text(json, text);
}

static void put_number(struct json_writer *json, const char *key, bool known, uint64_t number)
{
	json_key(json, key);
	if (known)
		json_put_uint(json, number);
	else
		json_put_null(json);
}

static void put_process(struct json_writer *json, const struct view_process *process)
{
	char state[2] = {process->state, '\0'};
	json_open_object(json);
	put_text(json, "command", process->command);
	put_text(json, "state", state);
	put_number(json, "pid_inside", process->pid_inside, process->pid_inside);
	put_number(json, "pid_outside", true, process->pid_outside);
	put_number(json, "uid_inside", process->mapped, process->uid_inside);
	put_number(json, "uid_outside", true, process->uid_outside);
	put_number(json, "memory", process->memory != UINT64_MAX, process->memory);
	json_close_object(json);
}

static void put_rows(struct json_writer *json, const char *key, const struct view_rows *rows)
{
	json_key(json, key);
	json_open_list(json);
	for (size_t i = 0; i < rows->n; i++) {
		json_open_object(json);
		put_text(json, "name", rows->item[i].name);
		put_text(json, "inside", rows->item[i].inside);
		put_text(json, "outside", rows->item[i].outside);
		json_close_object(json);
	}
	json_close_list(json);
}

static void put_container(struct json_writer *json, const struct box_record *record)
{
	json_key(json, "container");
	if (!record) {
		json_put_null(json);
		return;
	}
	json_open_object(json);
	put_text(json, "id", record->id);
	put_text(json, "name", record->name);
	put_text(json, "image", record->image);
	json_close_object(json);
}

void view_json(struct buf *out, const struct view *view)
{
	struct json_writer json = json_writer_new(out, JSON_INDENTED);
	json_open_object(&json);
	put_container(&json, view->record);
	put_number(&json, "pid", true, view->pid);
	json_key(&json, "processes");
	json_open_list(&json);
	for (size_t i = 0; i < view->processes_n; i++)
		put_process(&json, &view->processes[i]);
	json_close_list(&json);
	for (int i = 0; i < VIEW_SECTIONS; i++)
		put_rows(&json, view_section_name((enum view_section)i), &view->rows[i]);
	json_key(&json, "unseen");
	json_open_list(&json);
	for (size_t i = 0; i < view->unseen.n; i++)
		json_put_text(&json, view->unseen.item[i]);
	json_close_list(&json);
	json_close_object(&json);
	buf_putc(out, '\n');
}
