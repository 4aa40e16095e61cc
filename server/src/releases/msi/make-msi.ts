import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sameFile } from '../programs/artifact.ts';
import { TOKEN_PLACEHOLDER, UPGRADE_CODE } from './msi-identity.ts';
import type { MsiTools } from './msi-tools.ts';

export interface MsiOptions {
  readonly tools: MsiTools;
  /** The description of the package, installers/msi/guruconnect.wxs. */
  readonly source: string;
  readonly target: string;
  readonly version: string;
  readonly company: string;
  readonly productCode: string;
  readonly packageCode: string;
  /** Programs that go in. */
  readonly servicePath: string;
  readonly uiPath: string;
}

/** Public properties that a caller without rights of their own may pass on as well. */
const PROPERTIES = ['TOKEN', 'SITE', 'TAGS', 'NAME', 'DEPARTMENT', 'DEVICETYPE'];
/** Remove what is found, migrate what was chosen, and take the same version for an older one. */
const UPGRADE_SAME_VERSION = 1 + 512;

/** Makes an MSI whose token is a placeholder. Rejects with the words of the tool that failed. */
export async function makeMsi(options: MsiOptions): Promise<void> {
  const { tools, target, company, packageCode } = options;
  const folder = await mkdtemp(join(dirname(target), 'msi-'));
  try {
    await writeFile(join(folder, 'package.wxs'), fillIn(await readFile(options.source, 'utf8'), options));
    // wixl takes no absolute paths.
    await sameFile(options.servicePath, join(folder, 'guruconnect-service.exe'));
    await sameFile(options.uiPath, join(folder, 'GuruConnect.exe'));
    await tools.run('wixl', ['-a', 'x64', '-o', 'package.msi', 'package.wxs'], folder);
    await tools.run(
      'msibuild',
      ['package.msi', '-s', 'GuruConnect Agent', company, 'x64;1033', packageCode],
      folder,
    );
    await tools.run('msibuild', ['package.msi', '-q', ...whatWixlCannotSay(options)], folder);
    await rename(join(folder, 'package.msi'), target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function whatWixlCannotSay({ version }: MsiOptions): string[] {
  const secure = ['WIX_DOWNGRADE_DETECTED', 'WIX_UPGRADE_DETECTED', ...PROPERTIES].join(';');
  return [
    `UPDATE \`Property\` SET \`Value\`='${secure}' WHERE \`Property\`='SecureCustomProperties'`,
    // The old version goes first, so that its service is gone when the new one is installed.
    "UPDATE `InstallExecuteSequence` SET `Sequence`=1501 WHERE `Action`='RemoveExistingProducts'",
    "DELETE FROM `Upgrade` WHERE `ActionProperty`='WIX_UPGRADE_DETECTED'",
    // The one feature by its name: Wine tells the old package of no UPGRADINGPRODUCTCODE, and by `ALL` it would take the
    // machine's identity away as when somebody uninstalls it. Windows itself takes both for the same.
    `INSERT INTO \`Upgrade\` (\`UpgradeCode\`, \`VersionMax\`, \`Attributes\`, \`Remove\`, \`ActionProperty\`)
      VALUES ('${UPGRADE_CODE}', '${version}', ${UPGRADE_SAME_VERSION}, 'Agent', 'WIX_UPGRADE_DETECTED')`,
  ];
}

function fillIn(source: string, options: MsiOptions): string {
  const values: Record<string, string> = {
    PRODUCT_CODE: options.productCode.slice(1, -1),
    PACKAGE_CODE: options.packageCode.slice(1, -1),
    VERSION: options.version,
    COMPANY: options.company,
    TOKEN: TOKEN_PLACEHOLDER,
  };
  return source.replace(/@([A-Z_]+)@/g, (whole, name: string) => escapeXml(values[name] ?? whole));
}

/** Characters that XML has no place for are left out. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
