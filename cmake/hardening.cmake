# hardening.cmake - what makes a mistake in memory harder to use.
#
# Each is asked for where compiler, linker and machine know it;
# tests/check/hardening.sh reads in the built program what came of it.

include(CheckCCompilerFlag)
include(CheckCSourceCompiles)
include(CheckLinkerFlag)
include(CheckPIESupported)

# An option that is taken and not used is a warning of clang's, and a no.
set(CMAKE_REQUIRED_FLAGS -Werror)

# Canaries below return addresses; no frame that steps over a guard page; and
# branches that land only where they may, on x86 and on ARM.
foreach(flag -fstack-protector-strong -fstack-clash-protection
    -fcf-protection=full -mbranch-protection=standard)
  string(MAKE_C_IDENTIFIER "MINICA_HAS${flag}" known)
  check_c_compiler_flag(${flag} ${known})
  if(${known})
    add_compile_options(${flag})
  endif()
endforeach()

# glibc's checks of sizes need the optimizer, and hide from the sanitizers what
# these would find.  Level 3 counts what is allocated as well.
set(CMAKE_REQUIRED_FLAGS
  "-O2 -Werror -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3")
check_c_source_compiles("
  #include <string.h>
  int main(void) { return (int)strlen(\"\"); }" MINICA_HAS_FORTIFY_3)
unset(CMAKE_REQUIRED_FLAGS)
if(NOT MINICA_SANITIZE AND NOT MINICA_THREADS)
  set(level $<IF:$<BOOL:${MINICA_HAS_FORTIFY_3}>,3,2>)
  add_compile_options("$<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE>"
    "$<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=${level}>")
endif()

# Other addresses in every run.
check_pie_supported(LANGUAGES C)

# The linker's tables are filled when the program starts and cannot be written
# from then on; no stack can be run.
foreach(word relro now noexecstack)
  check_linker_flag(C -Wl,-z,${word} MINICA_HAS_Z_${word})
  if(MINICA_HAS_Z_${word})
    add_link_options(-Wl,-z,${word})
  endif()
endforeach()
