import { ProxyRules } from '../proxy/proxy-rules.ts';
import type { StateFolder } from './state-folder.ts';

const FILE = 'proxy.json';

/** The proxies that a machine was enrolled with: a service has no environment of anybody's. Root alone reads them. */
export class KeptProxies {
  readonly #folder: StateFolder;

  constructor(folder: StateFolder) {
    this.#folder = folder;
  }

  /** undefined where there is nothing to use. */
  load(): Promise<ProxyRules | undefined> {
    return this.#folder.read(FILE, ProxyRules);
  }

  /** Rules that name no proxy take away what was kept. */
  async save(rules: ProxyRules): Promise<void> {
    const isEmpty = rules.secure === undefined && rules.plain === undefined;
    await (isEmpty ? this.#folder.remove(FILE) : this.#folder.write(FILE, rules));
  }
}
