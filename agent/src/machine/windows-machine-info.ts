import os from 'node:os';
import type { MachineInfo } from '@guruconnect/shared';
import { inventoryLine } from '../inventory/inventory-line.ts';
import { readWindowsName } from '../inventory/windows/windows-name.ts';
import type { WindowsApi } from '../windows/windows-api.ts';

/** What a Windows machine says about itself to technicians; the user is the one that this program runs as. */
export function readWindowsMachineInfo(windows: WindowsApi, agentVersion: string): MachineInfo {
  const { name, version } = readWindowsName(windows);
  return {
    hostname: inventoryLine(os.hostname()),
    user: inventoryLine(os.userInfo().username),
    os: 'windows',
    osName: inventoryLine([name, version].filter(Boolean).join(' ')),
    agentVersion,
    elevated: windows.isElevated(),
  };
}
