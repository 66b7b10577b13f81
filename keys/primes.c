/*
 * primes.c - the odd primes below 2^16 multiplied.
 *
 *	primes pack OUT		writes the number, big-endian: keys/primes.bin
 *	primes check FILE	looks whether that is what FILE holds
 *
 * What an RSA modulus has in common with it are its small factors.
 */
#include <openssl/bn.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
require(bool good, const char *what)
{
	if (!good) {
		fprintf(stderr, "primes: %s\n", what);
		exit(1);
	}
}

static bool
is_prime(uint32_t n)
{
	for (uint32_t d = 3; d * d <= n; d += 2)
		if (n % d == 0)
			return false;
	return true;
}

static size_t
multiply(uint8_t *out, size_t room)
{
	BIGNUM *product = BN_new();
	int length;

	require(product != NULL && BN_one(product) == 1, "out of memory");
	for (uint32_t p = 3; p < 1 << 16; p += 2)
		require(!is_prime(p) || BN_mul_word(product, p) == 1,
		    "out of memory");
	length = BN_num_bytes(product);
	require(length > 0 && (size_t)length <= room, "it is too long");
	BN_bn2bin(product, out);
	BN_free(product);
	return (size_t)length;
}

int
main(int argc, char **argv)
{
	static uint8_t product[1 << 14], found[sizeof(product) + 1];
	bool pack = argc == 3 && strcmp(argv[1], "pack") == 0;
	size_t length;
	FILE *file;

	require(pack || (argc == 3 && strcmp(argv[1], "check") == 0),
	    "usage: primes pack|check FILE");
	length = multiply(product, sizeof(product));
	file = fopen(argv[2], pack ? "wb" : "rb");
	require(file != NULL, "the file cannot be opened");
	if (pack)
		require(fwrite(product, 1, length, file) == length &&
			fflush(file) == 0,
		    "the file cannot be written");
	else
		require(fread(found, 1, sizeof(found), file) == length &&
			memcmp(found, product, length) == 0,
		    "the file holds another number");
	require(fclose(file) == 0, "the file cannot be closed");
	return 0;
}
