import type { MachineFiles } from '../inventory/machine-files.ts';

export interface Account {
  readonly name: string;
  readonly home: string;
}

/** The account with a number, by passwd(5); those of a directory service are known by their number alone. */
export async function accountOf(files: MachineFiles, uid: number): Promise<Account | undefined> {
  for (const line of (await files.text('/etc/passwd')).split('\n')) {
    const [name = '', , id, , , home = ''] = line.split(':');
    if (id === String(uid)) return { name, home };
  }
  return undefined;
}
