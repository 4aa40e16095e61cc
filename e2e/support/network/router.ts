import { cable, type Namespace } from './namespace.ts';

/** What stands between a network and the net. */
export interface RouterKind {
  /**
   * How addresses are rewritten: `cone` keeps one outside port per inside port, whoever it talks to; `symmetric` takes
   * another one at random for each peer, which no STUN server can foretell. Either lets nothing in unasked.
   */
  readonly nat: 'cone' | 'symmetric';
  /** Drops all UDP, as some offices do. */
  readonly blocksUdp?: boolean;
}

/** A home or office router: masquerades what goes out. */
export class Router {
  readonly #namespace: Namespace;
  readonly #outside: string;

  private constructor(namespace: Namespace, outside: string) {
    this.#namespace = namespace;
    this.#outside = outside;
  }

  /** Puts a router, whose way out is the device `outside`, before the network `inside`. */
  static async install(
    router: Namespace,
    outside: string,
    inside: Namespace,
    network: string,
  ): Promise<Router> {
    await cable(
      { namespace: router, device: 'lan0', address: `${network}.1/24` },
      { namespace: inside, device: 'lan0', address: `${network}.2/24` },
    );
    await inside.ip('route', 'add', 'default', 'via', `${network}.1`);
    await router.forwardPackets();
    const made = new Router(router, outside);
    await made.become({ nat: 'cone' });
    return made;
  }

  /** Connections that stand already keep their ports; what is new goes by the new rules. */
  async become({ nat, blocksUdp = false }: RouterKind): Promise<void> {
    const masquerade = nat === 'symmetric' ? 'masquerade random,fully-random' : 'masquerade';
    // Dropped before it is remembered: else a packet that comes too early would take the port from the one that goes out.
    const nothingUnasked = `iifname "${this.#outside}" ct state new drop;`;
    await this.#namespace.run(
      'nft',
      `flush ruleset
       table ip nat {
         chain out { type nat hook postrouting priority srcnat; oifname "${this.#outside}" ${masquerade}; }
       }
       table ip filter {
         chain in { type filter hook input priority filter; ${nothingUnasked} }
         chain pass { type filter hook forward priority filter;
           ${blocksUdp ? 'meta l4proto udp drop;' : ''}
           ${nothingUnasked}
         }
       }`,
    );
  }
}
