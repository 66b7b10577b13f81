# archives.cmake - MINICA_STATIC: the program without shared libraries.
#
# The dynamic linker takes a third of the instructions of a single sign, nearly
# all of them to bind libcrypto and the others to each other.  Where there are
# archives (lib*.a) of all, the program is linked with those, and with the C
# library alone as before: finding hosts, and modules of libcrypto, need it to
# be a shared one.
#
# Fixes of the libraries reach such a program when it is built again, so it is
# for those who build it often.

set(SYSTEM_LIBRARIES c dl m pthread rt)

# Finds the archives of what pkg-config calls PREFIX..., and what they need.
function(find_archives out)
  foreach(prefix ${ARGN})
    foreach(name ${${prefix}_STATIC_LIBRARIES})
      if(name IN_LIST SYSTEM_LIBRARIES)
        list(APPEND found ${name})
        continue()
      endif()
      find_library(ARCHIVE_${name} lib${name}.a
        HINTS ${${prefix}_STATIC_LIBRARY_DIRS} ${${prefix}_LIBDIR})
      if(ARCHIVE_${name})
        list(APPEND found ${ARCHIVE_${name}})
      elseif(NOT name STREQUAL z) # which SQLite's shell needs, and it alone
        message(FATAL_ERROR "MINICA_STATIC: there is no lib${name}.a: install "
          "it, or leave the option off")
      endif()
    endforeach()
  endforeach()
  set(${out} ${found} PARENT_SCOPE)
endfunction()

# libssl is before libcrypto, which it needs.
set(ARCHIVED SSL CRYPTO SQLITE YAML JANSSON)
if(IDN2_FOUND)
  list(APPEND ARCHIVED IDN2)
endif()
find_archives(MINICA_ARCHIVES ${ARCHIVED})
