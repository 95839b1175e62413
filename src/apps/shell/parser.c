#include "apps/shell/parser.h"
#include <stddef.h>

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
static bool is_separator(char c) { return c == ';' || c == '&'; }
static bool is_word_end(char c) { return is_blank(c) || is_separator(c) || c == '>'; }
static bool is_quote(char c) { return c == '\'' || c == '"'; }

static const char *blanks_skip(const char *at)
{
    while (is_blank(*at))
        at++;
    return at;
}

static err_t put(struct command *job, char c)
{
    if (job->used == COMMAND_TEXT)
        return ERR_TOO_LONG;
    job->text[job->used++] = c;
    return OK;
}

static err_t put_number(struct command *job, uint32_t number)
{
    if (number >= 10)
        TRY(put_number(job, number / 10));
    return put(job, (char)('0' + number % 10));
}

/* One word; *plain: no quote stood in it. */
static err_t word_read(const char **at, int last_status, struct command *job, bool *plain)
{
    const char *p = *at;
    char quote = '\0';
    *plain = true;
    for (; *p != '\0' && (quote != '\0' || !is_word_end(*p)); p++) {
        if (quote != '\0' ? *p == quote : is_quote(*p)) {
            quote = quote != '\0' ? '\0' : *p;
            *plain = false;
        } else if (*p == '$' && p[1] == '?' && quote != '\'') {
            TRY(put_number(job, (uint32_t)last_status));
            p++;
        } else {
            TRY(put(job, *p));
        }
    }
    *at = p;
    return quote != '\0' ? ERR_RANGE : put(job, '\0');
}

static err_t word_add(const char **at, int last_status, struct command *job)
{
    bool plain;
    char *word = job->text + job->used;
    TRY(word_read(at, last_status, job, &plain));
    if (job->words == 0 && plain && word[0] == '!' && word[1] == '\0') {
        job->inversions++;
        return OK;
    }
    if (job->words == SPAWN_ARGUMENTS)
        return ERR_TOO_LONG;
    job->word[job->words++] = word;
    return OK;
}

/* What stands behind a '>'. */
static err_t output_read(const char **at, int last_status, struct command *job)
{
    bool plain;
    *at = blanks_skip(*at + 1);
    if (job->output != NULL || **at == '\0' || is_word_end(**at))
        return ERR_RANGE;
    job->output = job->text + job->used;
    return word_read(at, last_status, job, &plain);
}

err_t parser_next(const char **at, int last_status, struct command *job)
{
    job->words = job->inversions = job->used = 0;
    job->background = false;
    job->output = NULL;
    const char *p = blanks_skip(*at);
    if (*p == '\0')
        return ERR_NO_ENTRY;
    while (*p != '\0' && !is_separator(*p)) {
        TRY(*p == '>' ? output_read(&p, last_status, job) : word_add(&p, last_status, job));
        p = blanks_skip(p);
    }
    if (job->words == 0)
        return ERR_RANGE;
    job->word[job->words] = NULL;
    job->background = *p == '&';
    *at = *p != '\0' ? p + 1 : p;
    return OK;
}

err_t parser_check(const char *line, struct command *room)
{
    err_t err;
    do
        err = parser_next(&line, 255, room);
    while (err == OK);
    return err == ERR_NO_ENTRY ? OK : err;
}

int parser_status(int status, uint32_t inversions)
{
    if (inversions == 0)
        return status;
    return (status == 0) == (inversions % 2 == 1);
}
