#ifndef GURUCONNECT_SECURITY_H
#define GURUCONNECT_SECURITY_H

#include <windows.h>

#include "../parse/failure.h"
#include "paths.h"

/** SYSTEM and Administrators may do everything, nobody else anything; nothing is inherited from above. */
#define ACL_ADMINISTRATORS L"D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"
/** As above, and every user may read. */
#define ACL_USERS_READ L"D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FRFX;;;BU)"
/** For pipes: SYSTEM, Administrators, and whoever made it. */
#define ACL_PIPE_PRIVATE L"D:P(A;;GA;;;SY)(A;;GA;;;BA)(A;;GA;;;OW)"
/** For pipes: as above, and the users who sit at the computer (not over the network) may write and read. */
#define ACL_PIPE_USERS L"D:P(D;;GA;;;NU)(A;;GA;;;SY)(A;;GA;;;BA)(A;;GRGW;;;IU)"

/** Attributes with an access list (one of those above). Undo with `security_free`. */
bool security_from_acl(SECURITY_ATTRIBUTES *attributes, const wchar_t *acl, struct failure *failure);
void security_free(SECURITY_ATTRIBUTES *attributes);

/** Makes a folder with this access list; one that is there already gets the list, and Administrators as its owner. */
bool make_protected_folder(const wchar_t *path, const wchar_t *acl, struct failure *failure);

#endif
