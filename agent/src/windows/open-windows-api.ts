import type { RegistryHive, WindowsApi } from './windows-api.ts';

type Koffi = typeof import('koffi')['default'];

const HIVES = { machine: 0x8000_0002n, user: 0x8000_0001n } as const;
/** A text, with its variables filled in, or a number; of the 64-bit view. */
const RRF = { text: 0x2, number: 0x10, view64: 0x1_0000 } as const;
const DRIVE_FIXED = 3;
const RAW_SMBIOS = 0x5253_4d42;
const TOKEN_QUERY = 8;
const TOKEN_ELEVATION = 20;
const NO_SESSION = 0xffff_ffff;
const WTS = { userName: 5, domainName: 7, sessionInfo: 24 } as const;
/** Places in WTSINFOW. */
const WTS_INFO = { bytes: 216, lastInputTime: 192, currentTime: 208 } as const;
const MAX_TEXT_BYTES = 2048;

/** Windows' own functions, by koffi. It is loaded when it is needed: it takes 3 MB. */
export async function openWindowsApi(): Promise<WindowsApi> {
  const { default: koffi } = await import('koffi');
  return bind(koffi);
}

function bind(koffi: Koffi): WindowsApi {
  const kernel = koffi.load('kernel32.dll');
  const advapi = koffi.load('advapi32.dll');
  return {
    ...registryOf(advapi),
    ...hardwareOf(kernel),
    consoleLogon: consoleLogonOf(koffi, kernel),
    isElevated: elevationOf(kernel, advapi),
  };
}

type Library = ReturnType<Koffi['load']>;

function registryOf(advapi: Library): Pick<WindowsApi, 'registryText' | 'registryNumber'> {
  const get = advapi.func(
    'long __stdcall RegGetValueW(uintptr_t, str16, str16, uint32_t, void *, void *, void *)',
  );
  const read = (hive: RegistryHive, key: string, name: string, flags: number): Buffer | undefined => {
    const data = Buffer.alloc(MAX_TEXT_BYTES);
    const size = Uint32Array.of(data.length);
    if (get(HIVES[hive], key, name, flags | RRF.view64, null, data, size) !== 0) return undefined;
    return data.subarray(0, size[0]);
  };
  return {
    registryText: (key, name, hive = 'machine') => {
      const text = read(hive, key, name, RRF.text)?.toString('utf16le') ?? '';
      return text.split('\0')[0]?.trim() ?? '';
    },
    registryNumber: (key, name, hive = 'machine') => read(hive, key, name, RRF.number)?.readUInt32LE(0),
  };
}

function hardwareOf(kernel: Library): Pick<WindowsApi, 'fixedDrives' | 'firmwareTable'> {
  const logicalDrives = kernel.func('uint32_t __stdcall GetLogicalDrives()');
  const driveType = kernel.func('uint32_t __stdcall GetDriveTypeW(str16)');
  const firmware = kernel.func(
    'uint32_t __stdcall GetSystemFirmwareTable(uint32_t, uint32_t, void *, uint32_t)',
  );
  return {
    fixedDrives: () => {
      const mask: number = logicalDrives();
      const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].filter((_, bit) => (mask & (1 << bit)) !== 0);
      return letters.map((one) => `${one}:`).filter((one) => driveType(`${one}\\`) === DRIVE_FIXED);
    },
    firmwareTable: () => {
      const size: number = firmware(RAW_SMBIOS, 0, null, 0);
      const table = Buffer.alloc(size);
      return firmware(RAW_SMBIOS, 0, table, size) === size ? table : Buffer.alloc(0);
    },
  };
}

function consoleLogonOf(koffi: Koffi, kernel: Library): WindowsApi['consoleLogon'] {
  const wts = koffi.load('wtsapi32.dll');
  const user32 = koffi.load('user32.dll');
  const consoleSession = kernel.func('uint32_t __stdcall WTSGetActiveConsoleSessionId()');
  const sessionOfProcess = kernel.func('int __stdcall ProcessIdToSessionId(uint32_t, void *)');
  const tickCount = kernel.func('uint32_t __stdcall GetTickCount()');
  const lastInput = user32.func('int __stdcall GetLastInputInfo(void *)');
  const query = wts.func(
    'int __stdcall WTSQuerySessionInformationW(uintptr_t, uint32_t, int, void *, void *)',
  );
  const free = wts.func('void __stdcall WTSFreeMemory(uintptr_t)');
  const ask = (session: number, what: number): Buffer => {
    const address = new BigUint64Array(1);
    const size = new Uint32Array(1);
    if (!query(0, session, what, address, size)) return Buffer.alloc(0);
    const [at = 0n] = address;
    const bytes: Uint8Array = koffi.decode(at, koffi.array('uint8', size[0] ?? 0, 'Typed'));
    const copy = Buffer.from(bytes);
    free(at);
    return copy;
  };
  const ownIdleMs = (): number | null => {
    const info = Uint32Array.of(8, 0);
    // Both count milliseconds in 32 bits and begin anew after 49 days.
    return lastInput(info) ? ((tickCount() as number) - (info[1] ?? 0)) >>> 0 : null;
  };
  return () => {
    const session: number = consoleSession();
    if (session === NO_SESSION) return { user: '', idleMs: null };
    const user = textOf(ask(session, WTS.userName));
    if (user === '') return { user, idleMs: null };
    const own = new Uint32Array(1);
    const isOwn = sessionOfProcess(process.pid, own) !== 0 && own[0] === session;
    return { user, idleMs: isOwn ? ownIdleMs() : idleOf(ask(session, WTS.sessionInfo)) };
  };
}

/** WTSINFOW; not tried under Wine, which knows one session. */
function idleOf(info: Buffer): number | null {
  if (info.length < WTS_INFO.bytes) return null;
  const last = info.readBigInt64LE(WTS_INFO.lastInputTime);
  const now = info.readBigInt64LE(WTS_INFO.currentTime);
  // In units of 100 ns.
  return last === 0n || last > now ? null : Number((now - last) / 10_000n);
}

function textOf(bytes: Buffer): string {
  return bytes.toString('utf16le').split('\0')[0] ?? '';
}

function elevationOf(kernel: Library, advapi: Library): WindowsApi['isElevated'] {
  const currentProcess = kernel.func('intptr_t __stdcall GetCurrentProcess()');
  const closeHandle = kernel.func('int __stdcall CloseHandle(uintptr_t)');
  const openToken = advapi.func('int __stdcall OpenProcessToken(intptr_t, uint32_t, void *)');
  const tokenInformation = advapi.func(
    'int __stdcall GetTokenInformation(uintptr_t, int, void *, uint32_t, void *)',
  );
  return () => {
    const token = new BigUint64Array(1);
    if (!openToken(currentProcess(), TOKEN_QUERY, token)) return false;
    const elevation = new Uint32Array(1);
    const isKnown = tokenInformation(token[0] ?? 0n, TOKEN_ELEVATION, elevation, 4, new Uint32Array(1));
    closeHandle(token[0] ?? 0n);
    return isKnown !== 0 && elevation[0] !== 0;
  };
}
