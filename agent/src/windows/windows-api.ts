/** Who uses the desktop that is on the screen. */
export interface ConsoleLogon {
  /** Empty for nobody. */
  readonly user: string;
  /** null when it cannot be known. */
  readonly idleMs: number | null;
}

/** What Windows tells about the computer; what it does not tell is empty, undefined or null. Nothing throws. */
export interface WindowsApi {
  /** A text below HKEY_LOCAL_MACHINE, of the 64-bit view. */
  registryText(key: string, name: string): string;
  registryNumber(key: string, name: string): number | undefined;
  /** Drives of its own, for example `C:`. */
  fixedDrives(): string[];
  /** The table of SMBIOS with Windows' header of 8 bytes; empty where there is none. */
  firmwareTable(): Buffer;
  consoleLogon(): ConsoleLogon;
  /** Whether this process may do what administrators may. */
  isElevated(): boolean;
}
