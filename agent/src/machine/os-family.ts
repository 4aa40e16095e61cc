/** The systems that this agent runs on. */
export type SupportedOs = 'linux' | 'windows';

/** Which system this is; asked once by what puts a process together, which then picks the parts for it. */
export function osFamily(platform: NodeJS.Platform = process.platform): SupportedOs {
  return platform === 'win32' ? 'windows' : 'linux';
}
