import { cable, type Namespace } from './namespace.ts';

export interface RouterKind {
  /**
   * How addresses are rewritten: `cone` keeps one outside port per inside port, whoever it talks to;
   * `symmetric` takes another one at random for each peer, which no STUN server can foretell.
   */
  readonly nat: 'cone' | 'symmetric';
  /** Drops all UDP, as some offices do. */
  readonly blocksUdp?: boolean;
}

/** Puts a router between a network and the net: masquerade outwards, nothing unasked inwards. */
export async function routeThrough(
  router: Namespace,
  outside: string,
  inside: Namespace,
  network: string,
  kind: RouterKind,
): Promise<void> {
  await cable(
    { namespace: router, device: 'lan0', address: `${network}.1/24` },
    { namespace: inside, device: 'lan0', address: `${network}.2/24` },
  );
  await inside.ip('route', 'add', 'default', 'via', `${network}.1`);
  await router.forwardPackets();
  const how = kind.nat === 'symmetric' ? 'masquerade random,fully-random' : 'masquerade';
  await router.run(
    'nft',
    `table ip nat {
       chain out { type nat hook postrouting priority srcnat; oifname "${outside}" ${how}; }
     }
     table ip filter {
       chain in { type filter hook input priority filter; iifname "${outside}" ct state new drop; }
       chain pass { type filter hook forward priority filter;
         ${kind.blocksUdp ? 'meta l4proto udp drop;' : ''}
         iifname "${outside}" ct state new drop;
       }
     }`,
  );
}
