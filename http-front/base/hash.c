/*
 * base/hash.c
 *		A hash whose collisions a stranger cannot aim at: SipHash-2-4.
 */
#include "base/hash.h"

#include <string.h>
#include <sys/random.h>
#include <time.h>

#define ROTATE(x, bits) (((x) << (bits)) | ((x) >> (64 - (bits))))

static uint64_t key[2];

static void
make_key(void)
{
	if (key[0] != 0 || key[1] != 0)
		return;
	if (getrandom(key, sizeof(key), GRND_NONBLOCK) != (ssize_t) sizeof(key))
		key[1] = (uint64_t) time(NULL) | 1;
}

static void
mix(uint64_t v[4], int rounds)
{
	while (rounds-- > 0)
	{
		v[0] += v[1];
		v[1] = ROTATE(v[1], 13) ^ v[0];
		v[0] = ROTATE(v[0], 32);
		v[2] += v[3];
		v[3] = ROTATE(v[3], 16) ^ v[2];
		v[0] += v[3];
		v[3] = ROTATE(v[3], 21) ^ v[0];
		v[2] += v[1];
		v[1] = ROTATE(v[1], 17) ^ v[2];
		v[2] = ROTATE(v[2], 32);
	}
}

uint64_t
hash_bytes(const void *bytes, size_t length)
{
	const unsigned char *rest = bytes;
	uint64_t	last = (uint64_t) length << 56;
	uint64_t	word;
	uint64_t	v[4];

	make_key();
	v[0] = key[0] ^ UINT64_C(0x736F6D6570736575);
	v[1] = key[1] ^ UINT64_C(0x646F72616E646F6D);
	v[2] = key[0] ^ UINT64_C(0x6C7967656E657261);
	v[3] = key[1] ^ UINT64_C(0x7465646279746573);
	for (; length >= 8; length -= 8, rest += 8)
	{
		memcpy(&word, rest, 8);
		v[3] ^= word;
		mix(v, 2);
		v[0] ^= word;
	}
	for (size_t i = 0; i < length; i++)
		last |= (uint64_t) rest[i] << (8 * i);
	v[3] ^= last;
	mix(v, 2);
	v[0] ^= last;
	v[2] ^= 0xFF;
	mix(v, 4);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}
