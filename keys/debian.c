/*
 * debian.c - the keys that Debian's OpenSSL made from 2006 to 2008.
 *
 *	debian list KIND ARCH SEED FROM TO	fingerprints, one a line
 *	debian pack OUT FILE...			makes keys/debian.bin of them
 *	debian check TABLE			makes a few keys, and finds them
 *
 * For two years the generator of random numbers was fed nothing but the number
 * of the process (CVE-2008-0166).  What it then gave depends on the widths and
 * the order of the octets of the machine, and on what the program had done
 * before: so all keys of an algorithm can be made again, which this does.
 * KIND is rsa-2048, rsa-3072, rsa-4096, ec-p256 or ec-p384; ARCH is le32
 *(i386), le64 (amd64) or be32 (powerpc, sparc, hppa).  SEED is what `openssl`
 *found when it began: a file ~/.rnd (rnd), or none (old: 0.9.8c of etch; new:
 *0.9.8g of lenny); ssh is ssh-keygen.
 */
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
require(bool good, const char *what)
{
	if (!good) {
		fprintf(stderr, "debian: %s\n", what);
		exit(1);
	}
}

static void
digest(const EVP_MD *md, const uint8_t *in, size_t length, uint8_t *out)
{
	require(EVP_Digest(in, length, out, NULL, md, NULL) == 1, "no digest");
}

/* ---- the generator (md_rand.c), less the lines that were taken out ---- */

enum { POOL = 1023, MD = 20, HALF = MD / 2, ENOUGH = 32 };

struct arch {
	const char *name;
	int word; /* octets of a long */
	bool big;
	int stat; /* octets of a struct stat */
};

static const struct arch archs[] = {
	{ "le32", 4, false, 88 },
	{ "le64", 8, false, 144 },
	{ "be32", 4, true, 88 },
};
static const char *const seeds[] = { "rnd", "old", "new", "ssh" };
enum seed { RND, OLD, NEW, SSH };

struct generator {
	const struct arch *arch;
	uint32_t process;
	uint8_t pool[POOL], md[MD];
	uint64_t count[2];
	int filled, at;
	double entropy;
	bool polled, stirred;
};

struct input {
	uint8_t bytes[128];
	size_t length;
};

static void
put(struct input *in, const void *bytes, size_t length)
{
	memcpy(in->bytes + in->length, bytes, length);
	in->length += length;
}

static void
put_number(struct input *in, const struct arch *arch, uint64_t value, int size)
{
	for (int i = 0; i < size; i++) {
		int shift = 8 * (arch->big ? size - 1 - i : i);

		in->bytes[in->length++] = (uint8_t)(value >> shift);
	}
}

static void
put_counts(struct input *in, const struct generator *g, uint64_t first,
    uint64_t second)
{
	put_number(in, g->arch, first, g->arch->word);
	put_number(in, g->arch, second, g->arch->word);
}

/* `length` octets of the pool, which is a ring of `size`. */
static void
put_pool(struct input *in, const struct generator *g, int at, int length,
    int size)
{
	for (int i = 0; i < length; i++)
		in->bytes[in->length++] = g->pool[(at + i) % size];
}

/* Of what is added, the length alone counts. */
static void
add(struct generator *g, int length, double entropy)
{
	uint64_t second = g->count[1];
	uint8_t local[MD];
	int at = g->at;

	memcpy(local, g->md, MD);
	g->at += length;
	if (g->at >= POOL) {
		g->at %= POOL;
		g->filled = POOL;
	} else if (g->filled < POOL && g->at > g->filled) {
		g->filled = g->at;
	}
	g->count[1] += (uint64_t)(length + MD - 1) / MD;

	for (int done = 0; done < length; done += MD) {
		int size = length - done < MD ? length - done : MD;
		struct input in = { .length = 0 };

		put(&in, local, MD);
		put_pool(&in, g, at, size, POOL);
		put_counts(&in, g, g->count[0], second++);
		digest(EVP_sha1(), in.bytes, in.length, local);
		for (int i = 0; i < size; i++) {
			g->pool[at] ^= local[i];
			at = (at + 1) % POOL;
		}
	}
	for (int i = 0; i < MD; i++)
		g->md[i] ^= local[i];
	if (g->entropy < ENOUGH)
		g->entropy += entropy;
}

/* RAND_poll: the kernel's octets, the process, the user, the time. */
static void
poll(struct generator *g)
{
	add(g, ENOUGH, ENOUGH);
	for (int i = 0; i < 3; i++)
		add(g, g->arch->word, 0);
	g->polled = true;
}

static void
stir(struct generator *g)
{
	for (int left = POOL; left > 0; left -= MD)
		add(g, MD, 0);
	g->stirred = true;
}

static void
take(struct generator *g, uint8_t *out, int length)
{
	uint64_t first, second;
	uint8_t local[MD];
	struct input last = { .length = 0 };
	bool begun = false;
	int at, size;

	if (!g->polled)
		poll(g);
	if (!g->stirred)
		stir(g);
	at = g->at;
	size = g->filled;
	first = g->count[0]++;
	second = g->count[1];
	memcpy(local, g->md, MD);
	g->at += (length + HALF - 1) / HALF * HALF;
	if (g->at > g->filled)
		g->at %= g->filled;

	for (int done = 0; done < length; done += HALF) {
		struct input in = { .length = 0 };

		if (!begun && g->process != 0)
			put_number(&in, g->arch, g->process, 4);
		begun = true;
		put(&in, local, MD);
		put_counts(&in, g, first, second);
		put_pool(&in, g, at, HALF, size);
		digest(EVP_sha1(), in.bytes, in.length, local);
		for (int i = 0; i < HALF; i++) {
			g->pool[at] ^= local[i];
			at = (at + 1) % size;
			if (done + i < length)
				out[done + i] = local[HALF + i];
		}
	}
	put_counts(&last, g, first, second);
	put(&last, local, MD);
	put(&last, g->md, MD);
	digest(EVP_sha1(), last.bytes, last.length, g->md);
}

/* What happens before the first number is drawn. */
static void
begin(struct generator *g, const struct arch *arch, enum seed seed,
    uint32_t process)
{
	uint8_t ignored[20];

	*g = (struct generator){ .arch = arch, .process = process };
	if (seed == RND || seed == OLD)
		add(g, arch->stat, 0);
	if (seed == RND)
		add(g, 1024, 1024);
	else
		poll(g);
	if (seed == SSH)
		take(g, ignored, sizeof(ignored));
}

/* ---- numbers (bn_rand.c) ---- */

/* The time is added first, which means that its length is. */
static void
draw(struct generator *g, BIGNUM *out, int bits, bool prime)
{
	uint8_t bytes[256];
	int length = bits / 8;

	add(g, g->arch->word, 0);
	take(g, bytes, length);
	if (prime) {
		bytes[0] |= 0xc0;
		bytes[length - 1] |= 1;
	}
	require(BN_bin2bn(bytes, length, out) != NULL, "no memory");
}

static void
draw_below(struct generator *g, BIGNUM *out, const BIGNUM *end)
{
	do
		draw(g, out, BN_num_bits(end), false);
	while (BN_cmp(out, end) >= 0);
}

/* ---- primes (bn_prime.c) ---- */

enum { PRIMES = 2048, LAST_PRIME = 17864 };

struct maker {
	unsigned primes[PRIMES];
	BN_CTX *ctx;
	BIGNUM *witness, *below, *odd, *power;
	BN_MONT_CTX *mont;
};

static void
find_primes(struct maker *m)
{
	size_t count = 0;

	for (unsigned n = 2; n < LAST_PRIME && count < PRIMES; n++) {
		bool prime = true;

		for (unsigned d = 2; prime && d * d <= n; d++)
			prime = n % d != 0;
		if (prime)
			m->primes[count++] = n;
	}
	require(count == PRIMES, "too few primes");
}

static struct maker *
make_maker(void)
{
	struct maker *m = malloc(sizeof(*m));

	require(m != NULL, "no memory");
	find_primes(m);
	m->ctx = BN_CTX_new();
	m->witness = BN_new();
	m->below = BN_new();
	m->odd = BN_new();
	m->power = BN_new();
	m->mont = BN_MONT_CTX_new();
	require(m->ctx && m->witness && m->below && m->odd && m->power &&
		m->mont,
	    "no memory");
	return m;
}

static void
free_maker(struct maker *m)
{
	BN_CTX_free(m->ctx);
	BN_free(m->witness);
	BN_free(m->below);
	BN_free(m->odd);
	BN_free(m->power);
	BN_MONT_CTX_free(m->mont);
	free(m);
}

/* Neither the number nor the one before it has a small odd factor. */
static void
draw_candidate(struct maker *m, struct generator *g, BIGNUM *out, int bits)
{
	unsigned rest[PRIMES];
	unsigned delta = 0;

	draw(g, out, bits, true);
	for (size_t i = 1; i < PRIMES; i++)
		rest[i] = (unsigned)BN_mod_word(out, m->primes[i]);
	for (size_t i = 1; i < PRIMES; i++)
		if ((rest[i] + delta) % m->primes[i] <= 1) {
			delta += 2;
			i = 0;
		}
	require(BN_add_word(out, delta) == 1, "no memory");
}

/* Miller and Rabin's test of one witness. */
static bool
witnessed(struct maker *m, const BIGNUM *n, int twos)
{
	BN_mod_exp_mont(m->power, m->witness, m->odd, n, m->ctx, m->mont);
	if (BN_is_one(m->power) || BN_cmp(m->power, m->below) == 0)
		return true;
	for (int i = 1; i < twos; i++) {
		BN_mod_sqr(m->power, m->power, n, m->ctx);
		if (BN_cmp(m->power, m->below) == 0)
			return true;
	}
	return false;
}

static bool
passes(struct maker *m, struct generator *g, const BIGNUM *n)
{
	int rounds = BN_num_bits(n) >= 1300 ? 2 : 3;
	int twos = 1;

	BN_copy(m->below, n);
	BN_sub_word(m->below, 1);
	while (!BN_is_bit_set(m->below, twos))
		twos++;
	BN_rshift(m->odd, m->below, twos);
	require(BN_MONT_CTX_set(m->mont, n, m->ctx) == 1, "no memory");
	for (int i = 0; i < rounds; i++) {
		draw_below(g, m->witness, m->below);
		BN_add_word(m->witness, 1);
		if (!witnessed(m, n, twos))
			return false;
	}
	return true;
}

/* ssh-keygen takes the exponent 35, openssl 65537. */
static bool
suits(const BIGNUM *p, enum seed seed)
{
	return seed == SSH ? BN_mod_word(p, 5) != 1 && BN_mod_word(p, 7) != 1
			   : BN_mod_word(p, 65537) != 1;
}

static void
draw_prime(struct maker *m, struct generator *g, BIGNUM *p, int bits,
    enum seed seed)
{
	do
		do
			draw_candidate(m, g, p, bits);
		while (!passes(m, g, p));
	while (!suits(p, seed));
}

/* ---- keys, and the fingerprints they are known by ---- */

static uint64_t
fingerprint(const uint8_t *bytes, size_t length)
{
	uint8_t sha256[32];
	uint64_t out = 0;

	digest(EVP_sha256(), bytes, length, sha256);
	for (size_t i = 0; i < 8; i++)
		out = out << 8 | sha256[i];
	return out;
}

static int
rsa_bits(const char *kind)
{
	int bits = strncmp(kind, "rsa-", 4) == 0 ? atoi(kind + 4) : 0;

	require(bits == 2048 || bits == 3072 || bits == 4096,
	    "no such kind of key");
	return bits;
}

/* The octets that the fingerprint is of: the modulus, or x of the point. */
static size_t
make_key(struct maker *m, const char *kind, struct generator *g, enum seed seed,
    uint8_t out[512])
{
	int nid = strcmp(kind, "ec-p256") == 0 ? NID_X9_62_prime256v1
	    : strcmp(kind, "ec-p384") == 0     ? NID_secp384r1
					       : NID_undef;
	BIGNUM *p = BN_new(), *q = BN_new();
	size_t length;

	require(p != NULL && q != NULL, "no memory");
	if (nid == NID_undef) {
		draw_prime(m, g, p, rsa_bits(kind) / 2, seed);
		draw_prime(m, g, q, rsa_bits(kind) / 2, seed);
		BN_mul(p, p, q, m->ctx);
		length = (size_t)BN_bn2bin(p, out);
	} else {
		EC_GROUP *group = EC_GROUP_new_by_curve_name(nid);
		EC_POINT *point = EC_POINT_new(group);

		draw_below(g, p, EC_GROUP_get0_order(group));
		EC_POINT_mul(group, point, p, NULL, NULL, m->ctx);
		length = (EC_POINT_point2oct(group, point,
			      POINT_CONVERSION_UNCOMPRESSED, out, 512, m->ctx) -
			     1) /
		    2;
		memmove(out, out + 1, length);
		EC_POINT_free(point);
		EC_GROUP_free(group);
	}
	BN_free(p);
	BN_free(q);
	return length;
}

static int
list(char **argv)
{
	struct maker *m = make_maker();
	const struct arch *arch = NULL;
	int seed = 0;
	uint32_t from = (uint32_t)strtoul(argv[3], NULL, 10);
	uint32_t to = (uint32_t)strtoul(argv[4], NULL, 10);

	for (size_t i = 0; i < 3; i++)
		if (strcmp(archs[i].name, argv[1]) == 0)
			arch = &archs[i];
	while (seed < 4 && strcmp(seeds[seed], argv[2]) != 0)
		seed++;
	require(arch != NULL && seed < 4, "no such machine, or no such seed");
	for (uint32_t process = from; process < to; process++) {
		struct generator g;
		uint8_t octets[512];

		begin(&g, arch, (enum seed)seed, process);
		printf("%016llx\n",
		    (unsigned long long)fingerprint(octets,
			make_key(m, argv[0], &g, (enum seed)seed, octets)));
	}
	free_maker(m);
	return 0;
}

/* ---- the table (lib/weak_debian.c reads it) ---- */

enum { BUCKETS = 4096 };

static int
ascending(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void
write_word(FILE *out, uint32_t word)
{
	uint8_t bytes[4] = { (uint8_t)(word >> 24), (uint8_t)(word >> 16),
		(uint8_t)(word >> 8), (uint8_t)word };

	require(fwrite(bytes, 1, 4, out) == 4, "cannot write");
}

/*
 * Of each fingerprint the first 12 bits say which bucket it is in, the next 32
 * are kept; before the buckets stands where each of them begins.
 */
static int
pack(char **argv)
{
	static uint64_t rows[2000000];
	size_t count = 0, at = 0;
	FILE *out = fopen(argv[0], "wb");
	char line[64];

	require(out != NULL, "cannot write");
	for (char **name = argv + 1; *name != NULL; name++) {
		FILE *in = fopen(*name, "r");

		require(in != NULL, *name);
		while (count < 2000000 && fgets(line, sizeof(line), in) != NULL)
			rows[count++] = strtoull(line, NULL, 16) >> 20;
		fclose(in);
	}
	qsort(rows, count, sizeof(*rows), ascending);
	for (uint32_t bucket = 0; bucket <= BUCKETS; bucket++) {
		while (at < count && rows[at] >> 32 < bucket)
			at++;
		write_word(out, (uint32_t)at);
	}
	for (at = 0; at < count; at++)
		write_word(out, (uint32_t)rows[at]);
	require(fclose(out) == 0, "cannot write");
	return 0;
}

static uint32_t
read_word(FILE *in, size_t at)
{
	uint8_t b[4];

	require(fseek(in, (long)(4 * at), SEEK_SET) == 0 &&
		fread(b, 1, 4, in) == 4,
	    "the table ends early");
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 |
	    (uint32_t)b[2] << 8 | b[3];
}

static bool
is_in(FILE *table, uint64_t wanted)
{
	size_t bucket = (size_t)(wanted >> 52);
	uint32_t first = read_word(table, bucket);
	uint32_t end = read_word(table, bucket + 1);

	for (uint32_t i = first; i < end; i++)
		if (read_word(table, BUCKETS + 1 + i) ==
		    (uint32_t)(wanted >> 20))
			return true;
	return false;
}

/* One key of each list that is in the table, another process for each. */
static int
check(char **argv)
{
	static const char *const kinds[] = { "ec-p256", "rsa-2048" };
	struct maker *m = make_maker();
	FILE *table = fopen(argv[0], "rb");
	int missing = 0;

	require(table != NULL, "no table");
	for (uint32_t i = 0; i < 2 * 9; i++) {
		const char *kind = kinds[i / 9];
		const struct arch *arch = &archs[i % 9 / 3];
		enum seed seed = (enum seed)(i % 3);
		struct generator g;
		uint8_t octets[512];
		size_t length;

		begin(&g, arch, seed, 1 + 1811 * i);
		length = make_key(m, kind, &g, seed, octets);
		if (is_in(table, fingerprint(octets, length)))
			continue;
		missing++;
		printf("FAILED: %s, %s, %s, process %u\n", kind, arch->name,
		    seeds[seed], 1 + 1811 * i);
	}
	(void)fclose(table);
	free_maker(m);
	return missing == 0 ? 0 : 1;
}

int
main(int argc, char **argv)
{
	if (argc == 7 && strcmp(argv[1], "list") == 0)
		return list(argv + 2);
	if (argc > 3 && strcmp(argv[1], "pack") == 0)
		return pack(argv + 2);
	if (argc == 3 && strcmp(argv[1], "check") == 0)
		return check(argv + 2);
	fprintf(stderr,
	    "usage: debian list KIND ARCH SEED FROM TO\n"
	    "       debian pack OUT FILE...\n"
	    "       debian check TABLE\n");
	return 2;
}
