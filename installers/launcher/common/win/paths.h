#ifndef GURUCONNECT_PATHS_H
#define GURUCONNECT_PATHS_H

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

#include "../parse/failure.h"

/** Room for every path that we make. */
#define PATH_CAPACITY 1024

/** `folder\name`; false when it does not fit. */
bool path_join(wchar_t out[PATH_CAPACITY], const wchar_t *folder, const wchar_t *name);

/** The folder that a path lies in, without the backslash at its end. */
bool path_folder(wchar_t out[PATH_CAPACITY], const wchar_t *path);

/** What follows the last backslash. */
const wchar_t *path_name(const wchar_t *path);

/** This program's own file. */
bool path_of_self(wchar_t out[PATH_CAPACITY]);

/** `%LOCALAPPDATA%\GuruConnect` of this user; made if need be. */
bool path_user_data(wchar_t out[PATH_CAPACITY], struct failure *failure);

/** `%ProgramData%\GuruConnect`; not made. */
bool path_machine_data(wchar_t out[PATH_CAPACITY], struct failure *failure);

/** `%ProgramFiles%\GuruConnect` of 64-bit programs; not made. */
bool path_program_files(wchar_t out[PATH_CAPACITY], struct failure *failure);

bool path_exists(const wchar_t *path);

/** Makes a folder and those above it. */
bool make_folders(const wchar_t *path, struct failure *failure);

/**
 * Removes a file or a folder with all in it; what is not there is fine. Never follows a link (junction, symbolic
 * link): it removes the link. False when something is left.
 */
bool remove_tree(const wchar_t *path);

/** Puts a whole file in place of the one before, or leaves that one as it was. */
bool write_file(const wchar_t *path, const void *bytes, size_t size, struct failure *failure);

/** Reads a file of at most `capacity` bytes. */
bool read_file(const wchar_t *path, void *bytes, size_t capacity, size_t *size, struct failure *failure);

#endif
