/** HKEY_LOCAL_MACHINE or HKEY_CURRENT_USER. */
export type RegistryHive = 'machine' | 'user';

/** Who uses the desktop that is on the screen. */
export interface ConsoleLogon {
  /** Empty for nobody. */
  readonly user: string;
  /** null when it cannot be known. */
  readonly idleMs: number | null;
}

/** What Windows tells about the computer; what it does not tell is empty, undefined or null. Nothing throws. */
export interface WindowsApi {
  /** A text of the 64-bit view; of the machine by default. */
  registryText(key: string, name: string, hive?: RegistryHive): string;
  registryNumber(key: string, name: string, hive?: RegistryHive): number | undefined;
  /** Drives of its own, for example `C:`. */
  fixedDrives(): string[];
  /** The table of SMBIOS with Windows' header of 8 bytes; empty where there is none. */
  firmwareTable(): Buffer;
  consoleLogon(): ConsoleLogon;
  /** Whether this process may do what administrators may. */
  isElevated(): boolean;
}
