import { Activity } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useSyncExternalStore } from 'react';
import type { StreamMonitor, StreamQuality } from '../../lib/rtc/stream-monitor.ts';
import { ToolbarButton } from './toolbar-button.tsx';

/** How well the picture comes, in numbers that were measured here. */
export function QualityPopover({ monitor }: { monitor: StreamMonitor }) {
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <ToolbarButton icon={Activity} label="Connection quality" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          sideOffset={8}
          collisionPadding={8}
          aria-label="Connection quality"
          className="z-50 w-80 max-w-[calc(100vw-1rem)] animate-appear rounded-lg border border-border bg-card p-4 text-card-foreground text-sm shadow-lg"
        >
          <QualityTable monitor={monitor} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** A component of its own, so that the numbers are only followed while they are shown. */
function QualityTable({ monitor }: { monitor: StreamMonitor }) {
  const quality = useSyncExternalStore(monitor.subscribe, monitor.getSnapshot);
  if (!quality) return <p>No connection to the computer right now.</p>;
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
      {qualityRows(quality).map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted-foreground">{name}</dt>
          <dd className="text-right tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What is shown, as name and value; a dash for what is not known. */
export function qualityRows({
  counters,
  rates,
  heartbeatMs,
  inputToPhoton,
  encode,
}: StreamQuality): [string, string][] {
  const path =
    counters.path &&
    { direct: 'Direct', turn: 'Through a TURN server', relay: 'Through a relay' }[counters.path];
  return [
    ['Frames', rates ? `${rates.fps.toFixed(0)} per second` : DASH],
    ['Bit rate', rates ? bitRate(rates.bitsPerSecond) : DASH],
    ['Picture', counters.width ? `${counters.width} × ${counters.height}` : DASH],
    [
      'Input to picture',
      inputToPhoton.samples ? `${ms(inputToPhoton.p50Ms)}, 95 %: ${ms(inputToPhoton.p95Ms)}` : DASH,
    ],
    ['Round trip', ms(counters.roundTripMs ?? heartbeatMs)],
    ['Encode, decode', `${ms(encode?.ms)}, ${ms(rates?.decodeMs)}`],
    ['Lost packets', rates ? `${(rates.loss * 100).toFixed(1)} %` : DASH],
    ['Path', path ? `${path}${counters.protocol ? ` (${counters.protocol.toUpperCase()})` : ''}` : DASH],
    ['Codec', counters.codec ?? DASH],
    ['Encryption', counters.srtpCipher ? cipherName(counters.srtpCipher) : DASH],
  ];
}

const DASH = '–';

function ms(value: number | undefined): string {
  return value === undefined ? DASH : `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
}

function bitRate(bitsPerSecond: number): string {
  return bitsPerSecond >= 1e6
    ? `${(bitsPerSecond / 1e6).toFixed(1)} Mbit/s`
    : `${(bitsPerSecond / 1e3).toFixed(0)} kbit/s`;
}

/** `SRTP_AEAD_AES_256_GCM` as people write it. */
function cipherName(cipher: string): string {
  return cipher.replace(/^SRTP_(AEAD_)?/, '').replaceAll('_', '-');
}
