import { networkInterfaces } from 'node:os';

/** The addresses under which others may reach this machine; costs well under a millisecond. */
export function networkAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  // A link-local address comes with every cable and goes with it; what it reaches has others too.
  return all.filter((one) => !one.internal && !one.address.startsWith('fe80:')).map((one) => one.address);
}
