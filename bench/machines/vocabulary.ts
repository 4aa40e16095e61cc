/** Words that seeded machines are made of; the shares are those of a usual customer of an MSP. */

export interface OsChoice {
  readonly family: 'linux' | 'windows' | 'macos';
  readonly name: string;
  readonly build: string;
  readonly forServer: boolean;
}
const os = (family: OsChoice['family'], name: string, build: string, forServer = false): OsChoice => ({
  family,
  name,
  build,
  forServer,
});
export const OS_NAMES: readonly (readonly [OsChoice, number])[] = [
  [os('windows', 'Windows 11 Pro', '22631.4460'), 45],
  [os('windows', 'Windows 10 Pro', '19045.5131'), 25],
  [os('windows', 'Windows 11 Enterprise', '26100.2314'), 10],
  [os('macos', 'macOS Sequoia 15.1', '24B83'), 6],
  [os('linux', 'Ubuntu 24.04.1 LTS', '6.8.0-49'), 4],
  [os('windows', 'Windows Server 2022 Standard', '20348.2849', true), 60],
  [os('windows', 'Windows Server 2019 Datacenter', '17763.6532', true), 20],
  [os('linux', 'Debian GNU/Linux 12 (bookworm)', '6.1.0-27', true), 15],
  [os('linux', 'Red Hat Enterprise Linux 9.4 (Plow)', '5.14.0-427', true), 5],
];

export interface Hardware {
  readonly type: string;
  readonly prefix: string;
  readonly isServer: boolean;
  readonly manufacturer: string;
  readonly model: string;
  readonly processor: string;
}
const hardware = (
  [type, prefix]: [type: string, prefix: string],
  manufacturer: string,
  model: string,
  processor = 'Intel(R) Core(TM) i5-1345U',
): Hardware => ({ type, prefix, isServer: type === 'Server', manufacturer, model, processor });
export const HARDWARE: readonly (readonly [Hardware, number])[] = [
  [hardware(['Laptop', 'NB'], 'Dell Inc.', 'Latitude 5440'), 25],
  [hardware(['Laptop', 'NB'], 'LENOVO', 'ThinkPad T14 Gen 4'), 20],
  [hardware(['Desktop', 'PC'], 'HP', 'EliteDesk 800 G9'), 25],
  [hardware(['Desktop', 'PC'], 'Dell Inc.', 'OptiPlex 7010', 'Intel(R) Core(TM) i5-13500'), 12],
  [hardware(['Server', 'SRV'], 'HPE', 'ProLiant DL380 Gen10', 'Intel(R) Xeon(R) Silver 4314'), 6],
  [hardware(['Server', 'VM'], 'VMware, Inc.', 'VMware20,1', 'Intel(R) Xeon(R) Gold 6338'), 6],
  [hardware(['Point of sale', 'POS'], 'NCR', 'RealPOS XR7', 'Intel(R) Celeron(R) G4900'), 4],
  [hardware(['Kiosk', 'KSK'], 'Intel', 'NUC11ATKC4', 'Intel(R) Celeron(R) N5105'), 2],
];

export const TAGS: readonly string[] = [
  ...[
    'VIP',
    'backup',
    'test',
    'spare',
    'to replace',
    'no reboot',
    'on call',
    'lab',
    'lease 2026',
    'warranty',
  ],
  ...[
    'encrypted',
    'kiosk',
    'domain',
    'print server',
    'sql',
    'exchange',
    'terminal server',
    'hyper-v',
    'till',
    'cctv',
  ],
  ...[
    'patch ring 1',
    'patch ring 2',
    'patch ring 3',
    'gpu',
    'cad',
    'remote',
    'home office',
    'training',
    'shared',
  ],
  ...[
    'legacy',
    'windows 7',
    'dmz',
    'vlan 20',
    'vlan 30',
    'wlan',
    'no internet',
    'medical',
    'pci',
    'gdpr',
    'audit',
  ],
];

export const SURNAMES: readonly string[] = [
  ...[
    'smith',
    'jones',
    'taylor',
    'brown',
    'williams',
    'wilson',
    'johnson',
    'davies',
    'robinson',
    'wright',
    'evans',
  ],
  ...[
    'thompson',
    'walker',
    'white',
    'roberts',
    'green',
    'hall',
    'wood',
    'jackson',
    'clarke',
    'müller',
    'schmidt',
  ],
  ...[
    'fischer',
    'weber',
    'meyer',
    'wagner',
    'becker',
    'hoffmann',
    'schäfer',
    'koch',
    'garcia',
    'martinez',
    'lopez',
  ],
  ...[
    'rossi',
    'russo',
    'ferrari',
    'kowalski',
    'nowak',
    'novak',
    'jansen',
    'devries',
    'petrov',
    'ivanova',
    'okafor',
  ],
];

export const COMPANY_WORDS = {
  first: [
    ...[
      'Glazier',
      'Harbour',
      'Summit',
      'Beacon',
      'Cedar',
      'Granite',
      'Meridian',
      'Orchard',
      'Pioneer',
      'Quartz',
    ],
    ...[
      'Riverside',
      'Sterling',
      'Thistle',
      'Umber',
      'Vanguard',
      'Willow',
      'Yarrow',
      'Zenith',
      'Anchor',
      'Birch',
    ],
    ...['Copper', 'Delta', 'Ember', 'Falcon', 'Garnet'],
  ],
  second: [
    ...[
      'Dental',
      'Logistics',
      'Foods',
      'Legal',
      'Motors',
      'Pharma',
      'Schools',
      'Textiles',
      'Design',
      'Hotels',
    ],
    ...[
      'Printing',
      'Insurance',
      'Engineering',
      'Bakery',
      'Clinics',
      'Energy',
      'Media',
      'Estates',
      'Travel',
      'Tools',
    ],
  ],
} as const;
