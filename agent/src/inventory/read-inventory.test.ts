import { Inventory, MachineStatus } from '@guruconnect/shared';
import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { fileTree } from '../../test/support/file-tree.ts';
import { readMountPoints } from './disks.ts';
import { hardwareId, meaningful, readHardware } from './dmi.ts';
import { MachineFiles } from './machine-files.ts';
import { readNetworks } from './networks.ts';
import { readBootedAt, readDescription, readInstalledAt, readSystemName } from './operating-system.ts';
import { readMemory, readProcessor } from './processor.ts';
import { InventoryReader } from './read-inventory.ts';

const readLogon = async () => ({ user: 'ada', idleMs: 7 });

const removals: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const remove of removals.splice(0)) await remove();
});
async function machine(...given: Parameters<typeof fileTree>): Promise<MachineFiles> {
  const { files, remove } = await fileTree(...given);
  removals.push(remove);
  return files;
}
const dmi = (values: Record<string, string>) =>
  machine(
    Object.fromEntries(
      Object.entries(values).map(([name, text]) => [`/sys/class/dmi/id/${name}`, `${text}\n`]),
    ),
  );

describe('the operating system', () => {
  it.each([
    [
      'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nID=debian\n',
      { name: 'Debian GNU/Linux 12 (bookworm)', version: '12.11' },
    ],
    [
      'PRETTY_NAME="Ubuntu 24.04.2 LTS"\nNAME="Ubuntu"\nVERSION_ID="24.04"\nID=ubuntu\n',
      { name: 'Ubuntu 24.04.2 LTS', version: '24.04' },
    ],
    ['NAME="Arch Linux"\nID=arch\nBUILD_ID=rolling\n', { name: 'Arch Linux', version: 'rolling' }],
    ['', { name: 'Linux', version: '' }],
  ])('is named by %j', async (osRelease, expected) => {
    const files = await machine({ '/etc/os-release': osRelease, '/etc/debian_version': '12.11\n' });
    expect(await readSystemName(files, '6.1.0-37-amd64')).toEqual({ ...expected, build: '6.1.0-37-amd64' });
  });

  it('has the name that people gave this computer', async () => {
    const files = await machine({ '/etc/machine-info': 'PRETTY_HOSTNAME="Ada’s desk"\nLOCATION="Room 7"\n' });
    expect(await readDescription(files)).toBe('Ada’s desk, Room 7');
    expect(await readDescription(await machine({}))).toBe('');
  });

  it('was installed when its installer says so, before anything else', async () => {
    const [installed, first] = [Date.UTC(2024, 2, 1), Date.UTC(2025, 5, 6)];
    const names = { '/var/log/installer/syslog': '', '/etc/machine-id': '' };
    const times = { '/var/log/installer/syslog': installed, '/etc/machine-id': first };
    expect(await readInstalledAt(await machine(names, { times }))).toBe(installed);
  });

  it('booted when the kernel says so', async () => {
    expect(await readBootedAt(await machine({ '/proc/stat': 'cpu 1\nbtime 1795350000\n' }))).toBe(
      1_795_350_000_000,
    );
    expect(await readBootedAt(await machine({}))).toBeNull();
  });
});

describe('the hardware', () => {
  it('has maker, model, serial and service tag of a Dell', async () => {
    const files = await dmi({
      sys_vendor: 'Dell Inc.',
      product_name: 'Latitude 7440',
      product_serial: 'ABC1234',
      chassis_asset_tag: 'Not Specified',
    });
    expect(await readHardware(files)).toEqual({
      manufacturer: 'Dell Inc.',
      model: 'Latitude 7440',
      serial: 'ABC1234',
      serviceTag: 'ABC1234',
    });
  });

  it('is called as people call it where Lenovo has a number for its name', async () => {
    const files = await dmi({
      sys_vendor: 'LENOVO',
      product_name: '21HD0001GE',
      product_version: 'ThinkPad T14 Gen 4',
    });
    expect((await readHardware(files)).model).toBe('ThinkPad T14 Gen 4 (21HD0001GE)');
  });

  it('falls back to its board, and to nothing in a container', async () => {
    const files = await dmi({
      sys_vendor: 'To Be Filled By O.E.M.',
      board_vendor: 'ASRock',
      product_name: 'To be filled by O.E.M.',
      board_name: 'B450M Pro4',
      product_serial: 'Default string',
      board_serial: 'M80-1234',
    });
    expect(await readHardware(files)).toEqual({
      manufacturer: 'ASRock',
      model: 'B450M Pro4',
      serial: 'M80-1234',
      serviceTag: '',
    });
    expect(await readHardware(await machine({}))).toEqual({
      manufacturer: '',
      model: '',
      serial: '',
      serviceTag: '',
    });
  });

  it('of a board without a BIOS is what its device tree says', async () => {
    const files = await machine({
      '/proc/device-tree/model': 'Raspberry Pi 5 Model B Rev 1.0\0',
      '/proc/device-tree/serial-number': '10000000abcdef01\0',
    });
    expect(await readHardware(files)).toMatchObject({
      model: 'Raspberry Pi 5 Model B Rev 1.0',
      serial: '10000000abcdef01',
    });
  });

  it.each([
    'To Be Filled By O.E.M.',
    'Default string',
    'None',
    '0',
    '00000000',
    'System Product Name',
    'x.x',
    ' ',
  ])('does not take %j for a value', (text) => expect(meaningful(text)).toBe(''));

  it.each(['0A1B2C', 'VMware-56 4d', 'Standard PC (Q35 + ICH9, 2009)', 'Nonesuch'])(
    'takes %j for a value',
    (text) => expect(meaningful(text)).toBe(text),
  );

  it('has an id of its own, or none', async () => {
    const uuid = '4c4c4544-0042-3510-8052-b4c04f333732';
    const [one, same, other] = [
      await hardwareId(await dmi({ product_uuid: uuid })),
      await hardwareId(await dmi({ product_uuid: uuid.toUpperCase() })),
      await hardwareId(await dmi({ product_uuid: uuid.replace('4c', '5d') })),
    ];
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(same).toBe(one);
    expect(other).not.toBe(one);
    expect(await hardwareId(await dmi({ product_uuid: '03000200-0400-0500-0006-000700080009' }))).toBe('');
    expect(await hardwareId(await dmi({ product_uuid: 'ffffffff-ffff-ffff-ffff-ffffffffffff' }))).toBe('');
    expect(await hardwareId(await machine({}))).toBe('');
  });
});

it('processor and memory are read', async () => {
  const files = await machine({
    '/proc/cpuinfo':
      'processor\t: 0\nmodel name\t: AMD Ryzen 7  7840U\n\nprocessor\t: 1\nmodel name\t: AMD Ryzen 7  7840U\n',
    '/proc/meminfo': 'MemTotal:       16000 kB\nMemFree:  1 kB\nMemAvailable:   9000 kB\n',
  });
  expect(await readProcessor(files)).toEqual({ model: 'AMD Ryzen 7 7840U', cores: 2 });
  expect(await readMemory(files)).toEqual({ total: 16_384_000, available: 9_216_000 });
  expect(await readMemory(await machine({}))).toEqual({ total: 0, available: null });
});

describe('drives', () => {
  const mounts = async (text: string) => readMountPoints(await machine({ '/proc/self/mounts': text }));

  it('are those on block devices, each once; no shares, images and pseudo file systems', async () => {
    const text = [
      '/dev/nvme0n1p2 / ext4 rw 0 0',
      '/dev/nvme0n1p2 /var/lib/docker/btrfs ext4 rw 0 0',
      '/dev/nvme0n1p1 /boot/efi vfat rw 0 0',
      '/dev/sda1 /media/my\\040disk exfat rw 0 0',
      '/dev/loop7 /snap/core/1 squashfs ro 0 0',
      'proc /proc proc rw 0 0',
      'tmpfs /run tmpfs rw 0 0',
      'server:/home /home nfs4 rw 0 0',
      'tank/data /data zfs rw 0 0',
    ].join('\n');
    expect(await mounts(text)).toEqual(['/', '/boot/efi', '/data', '/media/my disk']);
  });

  it('are the overlay in a container', async () => {
    expect(await mounts('overlay / overlay rw 0 0\nproc /proc proc rw 0 0\n')).toEqual(['/']);
  });
});

describe('network cards', () => {
  const address = (text: string, cidr: string, mac: string, internal = false) => ({
    address: text,
    netmask: '',
    family: 'IPv4' as const,
    mac,
    internal,
    cidr,
  });

  it('are those with a MAC, also when plugged out; no bridges of containers, no tunnels', async () => {
    const files = await machine({
      '/sys/class/net/eth0/address': 'AA:BB:CC:00:11:22\n',
      '/sys/class/net/eth0/device': null,
      '/sys/class/net/wlan0/address': 'aa:bb:cc:00:11:33\n',
      '/sys/class/net/wlan0/device': null,
      '/sys/class/net/docker0/address': '02:42:00:00:00:01\n',
      '/sys/class/net/lo/address': '00:00:00:00:00:00\n',
    });
    const networks = await readNetworks(files, {
      lo: [address('127.0.0.1', '127.0.0.1/8', '00:00:00:00:00:00', true)],
      eth0: [
        address('10.0.0.7', '10.0.0.7/24', 'AA:BB:CC:00:11:22'),
        address('fe80::1', 'fe80::1/64', 'AA:BB:CC:00:11:22'),
      ],
      docker0: [address('172.17.0.1', '172.17.0.1/16', '02:42:00:00:00:01')],
      wg0: [address('10.9.0.2', '10.9.0.2/32', '00:00:00:00:00:00')],
    });
    expect(networks).toEqual([
      { name: 'eth0', mac: 'aa:bb:cc:00:11:22', addresses: [{ address: '10.0.0.7', prefixLength: 24 }] },
      { name: 'wlan0', mac: 'aa:bb:cc:00:11:33', addresses: [] },
    ]);
  });
});

describe('this machine', () => {
  it('says what it is in a form that the server takes, twice the same', async () => {
    const reader = new InventoryReader({ files: new MachineFiles(), agentVersion: '1.2.3', readLogon });
    const inventory = await reader.read();
    expect(z.parse(Inventory, inventory)).toEqual(inventory);
    expect(inventory.memoryBytes).toBeGreaterThan(100e6);
    expect(inventory.disks.map((one) => one.name)).toContain('/');
    expect(await reader.read()).toEqual(inventory);
    const status = await reader.readStatus(inventory);
    expect(z.parse(MachineStatus, status)).toEqual(status);
    expect(Object.keys(status.diskFreeBytes)).toEqual(inventory.disks.map((one) => one.name));
  });

  it('says nothing it does not know', async () => {
    const reader = new InventoryReader({ files: await machine({}), agentVersion: '1.2.3', readLogon });
    const inventory = await reader.read();
    expect(z.parse(Inventory, inventory)).toEqual(inventory);
    expect(inventory).toMatchObject({ manufacturer: '', disks: [], bootedAt: null });
  });
});
