#ifndef GURUCONNECT_SELF_DELETE_H
#define GURUCONNECT_SELF_DELETE_H

/** Has this program's own file deleted once the program has ended: at once, or at the next start of Windows. */
void self_delete(void);

#endif
