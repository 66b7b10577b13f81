/*
 * minica/api.h - what every public header needs: visibility and attributes.
 *
 * The shared library hides everything that is not marked MCA_API.
 */
#ifndef MINICA_API_H
#define MINICA_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MCA_API __attribute__((visibility("default")))
#define MCA_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

#endif
