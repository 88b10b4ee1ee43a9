/*
 * json_schema/pattern/steps.c
 *		Patterns that can be matched without the engine.
 *
 * Most patterns that people write are a row of sets of characters from "^" on,
 * each repeated or not.  If none of them can take what the next one needs, each
 * may take all that it can get, and one look at each character is enough.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"

#include "json_schema/pattern/class.h"
#include "json_schema/pattern/steps.h"

#define STEPS_MAX	16

/* Reads one atom as a set; false if it is anything else. */
static bool
read_atom(RegexParser *parser, CodeSet *set)
{
	pg_wchar	c = regex_peek(parser, 0);
	bool		found;

	code_set_init(set);
	parser->at++;
	if (c == '[')
		return regex_read_class(parser, set);
	if (c == '\\')
	{
		c = regex_peek(parser, 0);
		if (c == 'b' || c == 'B' || c == 'k' || (c >= '1' && c <= '9') ||
			!regex_read_class_escape(parser, set, &found))
			return false;
		if (found)
			return true;
		if (!regex_read_character_escape(parser, &c))
			return false;
	}
	else if (c == '.')
	{
		regex_dot_set(set);
		return true;
	}
	else if (c < 128 && strchr("^$()|*+?{}]", c) != NULL)
		return false;
	code_set_add(set, c, c);
	return true;
}

static bool
read_step(RegexParser *parser, RegexStep *step)
{
	bool		repeated;

	memset(step, 0, sizeof(*step));
	if (!read_atom(parser, &step->set) ||
		!regex_read_quantifier(parser, &step->min, &step->max, &repeated))
		return false;
	if (!repeated)
		step->min = step->max = 1;
	code_set_normalize(&step->set);
	for (int i = 0; i < step->set.count; i++)
	{
		for (uint32 c = step->set.ranges[i].first;
			 c <= Min(127, step->set.ranges[i].last); c++)
			step->ascii[c / 64] |= UINT64CONST(1) << (c % 64);
	}
	return true;
}

static bool
sets_overlap(const CodeSet *a, const CodeSet *b)
{
	int			i = 0;
	int			j = 0;

	while (i < a->count && j < b->count)
	{
		if (a->ranges[i].last < b->ranges[j].first)
			i++;
		else if (b->ranges[j].last < a->ranges[i].first)
			j++;
		else
			return true;
	}
	return false;
}

/* Can the step take as much as it gets, whatever comes behind it? */
static bool
is_greedy(const RegexStep *step, const RegexStep *end)
{
	if (step->min == step->max)
		return true;
	for (const RegexStep *next = step + 1; next < end; next++)
	{
		if (sets_overlap(&step->set, &next->set))
			return false;
		if (next->min > 0)
			break;
	}
	return true;
}

static RegexSteps *
keep_steps(const RegexStep *list, int count, bool to_end,
		   MemoryContext context)
{
	RegexSteps *steps = MemoryContextAlloc(context,
										   offsetof(RegexSteps, list) +
										   count * sizeof(RegexStep));

	steps->to_end = to_end;
	steps->count = count;
	for (int i = 0; i < count; i++)
	{
		Size		size = list[i].set.count * sizeof(CodeRange);

		steps->list[i] = list[i];
		steps->list[i].set.ranges = MemoryContextAlloc(context, Max(1, size));
		memcpy(steps->list[i].set.ranges, list[i].set.ranges, size);
	}
	return steps;
}

RegexSteps *
regex_read_steps(const pg_wchar *pattern, int len, MemoryContext context)
{
	RegexParser parser = {pattern, len};
	RegexStep	list[STEPS_MAX];
	int			count = 0;
	bool		to_end = false;

	if (GetDatabaseEncoding() != PG_UTF8 || !regex_take(&parser, '^'))
		return NULL;
	while (!to_end && parser.at < len)
	{
		to_end = parser.at == len - 1 && regex_take(&parser, '$');
		if (!to_end &&
			(count == STEPS_MAX || !read_step(&parser, &list[count++])))
			return NULL;
	}
	for (int i = 0; i < count; i++)
	{
		if (!is_greedy(&list[i], list + count))
			return NULL;
	}
	return keep_steps(list, count, to_end, context);
}

static bool
code_is_in(const CodeSet *set, uint32 code)
{
	int			low = 0;
	int			high = set->count;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (code > set->ranges[middle].last)
			low = middle + 1;
		else if (code < set->ranges[middle].first)
			high = middle;
		else
			return true;
	}
	return false;
}

/* Takes as many characters of the step's set as it may; gives their end. */
static const char *
take_step(const RegexStep *step, const char *str, const char *end, int *taken)
{
	for (*taken = 0; str < end && *taken != step->max; ++*taken)
	{
		unsigned char byte = *str;

		if (!IS_HIGHBIT_SET(byte))
		{
			if (!((step->ascii[byte / 64] >> (byte % 64)) & 1))
				break;
			str++;
		}
		else
		{
			if (!code_is_in(&step->set, utf8_to_unicode((unsigned char *) str)))
				break;
			str += pg_utf_mblen((const unsigned char *) str);
		}
	}
	return str;
}

bool
regex_steps_match(const RegexSteps *steps, const char *str, int len)
{
	const char *end = str + len;
	int			taken;

	for (int i = 0; i < steps->count; i++)
	{
		str = take_step(&steps->list[i], str, end, &taken);
		if (taken < steps->list[i].min)
			return false;
	}
	return !steps->to_end || str == end;
}
