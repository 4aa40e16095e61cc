const RECORD_BYTES = 384;
const USER_PROCESS = 7;
const LINE = { at: 8, bytes: 32 };
const USER = { at: 44, bytes: 32 };
const HOST = { at: 76, bytes: 256 };

export interface UtmpUser {
  readonly user: string;
  /** `tty2`, `pts/0`, or an X display. */
  readonly line: string;
  /** Where they come from; a display's name for those at the screen. */
  readonly host: string;
}

/** Who is logged on, by utmp(5). */
export function parseUtmp(bytes: Buffer): UtmpUser[] {
  const users: UtmpUser[] = [];
  for (let at = 0; at + RECORD_BYTES <= bytes.length; at += RECORD_BYTES) {
    if (bytes.readInt16LE(at) !== USER_PROCESS) continue;
    const text = (field: { at: number; bytes: number }) => {
      const [value = ''] = bytes.toString('utf8', at + field.at, at + field.at + field.bytes).split('\0', 1);
      return value;
    };
    users.push({ user: text(USER), line: text(LINE), host: text(HOST) });
  }
  return users;
}

/** Somebody at the computer's own screen or console; empty for nobody. */
export function userAtScreen(users: readonly UtmpUser[]): string {
  const local = users.filter(({ line, host }) => /^:\d/.test(host) || /^:\d/.test(line));
  const console = users.filter(({ line, host }) => /^tty\d/.test(line) && !/^[^:]/.test(host));
  return (local[0] ?? console[0])?.user ?? '';
}
