#ifndef GURUCONNECT_INJECTED_INPUT_H
#define GURUCONNECT_INJECTED_INPUT_H

#include <stdbool.h>

/**
 * Watches whether mouse and keyboard are moved by a person or by a program: nobody may grant themselves consent by
 * pressing the button over the session. Hooks are called on the thread that installed them, which needs a message
 * loop.
 */
void injected_input_watch(void);
void injected_input_forget(void);

/** Whether the last click or key press came from a program. */
bool injected_input_was_last(void);

#endif
