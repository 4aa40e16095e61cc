#include "injected-input.h"

#include <windows.h>

/* Hooks get no context, so what they saw stands here. */
static HHOOK mouse_hook, key_hook;
static volatile bool was_injected;

static LRESULT CALLBACK on_mouse(int code, WPARAM message, LPARAM data) {
  const MSLLHOOKSTRUCT *event = (const MSLLHOOKSTRUCT *)data;
  if (code == HC_ACTION && message != WM_MOUSEMOVE) was_injected = (event->flags & LLMHF_INJECTED) != 0;
  return CallNextHookEx(NULL, code, message, data);
}

static LRESULT CALLBACK on_key(int code, WPARAM message, LPARAM data) {
  const KBDLLHOOKSTRUCT *event = (const KBDLLHOOKSTRUCT *)data;
  if (code == HC_ACTION) was_injected = (event->flags & LLKHF_INJECTED) != 0;
  return CallNextHookEx(NULL, code, message, data);
}

void injected_input_watch(void) {
  was_injected = false;
  if (!mouse_hook) mouse_hook = SetWindowsHookExW(WH_MOUSE_LL, on_mouse, GetModuleHandleW(NULL), 0);
  if (!key_hook) key_hook = SetWindowsHookExW(WH_KEYBOARD_LL, on_key, GetModuleHandleW(NULL), 0);
}

void injected_input_forget(void) {
  if (mouse_hook) UnhookWindowsHookEx(mouse_hook);
  if (key_hook) UnhookWindowsHookEx(key_hook);
  mouse_hook = key_hook = NULL;
}

bool injected_input_was_last(void) { return was_injected; }
