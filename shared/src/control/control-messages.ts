import * as z from 'zod/mini';
import { Id } from '../ids.ts';
import { DisplayInfo, MachineInfo } from '../session/machine-info.ts';
import { Capability, EndReason } from '../session/session-state.ts';

/** Labels of a peer's data channels, with how each is sent. All are opened by the agent before its offer. */
export const CHANNELS = {
  /** Pointer positions, newest wins; the last one is told again on `input`. Viewer to agent. */
  move: { ordered: false, maxRetransmits: 0 },
  /** Keys, buttons, wheel, text. Viewer to agent. */
  input: { ordered: true },
  /** JSON of {@link ViewerControlMessage} and {@link AgentControlMessage}. Both ways. */
  control: { ordered: true },
  /** Pointer pictures and positions. Agent to viewer. */
  cursor: { ordered: true },
  /** What travels beside each frame. Agent to viewer. */
  frames: { ordered: false, maxRetransmits: 0 },
  /** Lossless pieces of a picture that stands still. Agent to viewer. */
  tiles: { ordered: true },
} as const;
export type ChannelLabel = keyof typeof CHANNELS;

/** Largest JSON message on `control`, in bytes. */
export const MAX_CONTROL_BYTES = 16_384;

/** Key combinations that a browser cannot catch or an operating system keeps for itself. */
export const SpecialKeys = z.enum(['ctrl-alt-delete']);

/** Pictures of one peer at a time, each a video track of its own. */
export const MAX_VIDEO_TRACKS = 4;

/** What the technician prefers when the path or the machine cannot give everything. */
export const QualityMode = z.enum(['auto', 'sharp-text', 'smooth-motion', 'low-bandwidth']);
export type QualityMode = z.infer<typeof QualityMode>;

export const ViewerControlMessage = z.discriminatedUnion('type', [
  /** Heartbeat, each 500 ms; answered by `pong` with the same number. */
  z.object({ type: z.literal('ping'), n: z.int().check(z.nonnegative()), visible: z.boolean() }),
  z.object({ type: z.literal('select-display'), display: z.int().check(z.gte(0), z.lte(63)) }),
  /** Shows several displays at once: the first on video track 0, the next on 1 ... */
  z.object({
    type: z.literal('show-displays'),
    displays: z
      .array(z.int().check(z.gte(0), z.lte(63)))
      .check(z.minLength(1), z.maxLength(MAX_VIDEO_TRACKS)),
  }),
  z.object({ type: z.literal('set-quality'), mode: QualityMode }),
  /**
   * Carries on another peer's input here; nothing that still comes in over that one counts any more. Answered by
   * `resumed`, so that what got lost with the other peer can be sent again, and nothing twice.
   */
  z.object({ type: z.literal('resume'), peerId: Id }),
  z.object({ type: z.literal('special-keys'), keys: SpecialKeys }),
  /** The decoder lost its way: send a key frame. */
  z.object({ type: z.literal('refresh') }),
]);
export type ViewerControlMessage = z.infer<typeof ViewerControlMessage>;

export const AgentControlMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    machine: MachineInfo,
    displays: z.array(DisplayInfo).check(z.maxLength(64)),
    /** The display whose picture this peer gets on track 0. */
    display: z.int(),
    /** Video tracks that this connection has; showing more displays than that takes a new one. */
    tracks: z.int().check(z.gte(1), z.lte(MAX_VIDEO_TRACKS)),
    capabilities: z.array(Capability),
  }),
  z.object({
    type: z.literal('displays'),
    displays: z.array(DisplayInfo).check(z.maxLength(64)),
    display: z.int(),
    /** The displays shown, by track. */
    shown: z.optional(z.array(z.int()).check(z.maxLength(MAX_VIDEO_TRACKS))),
  }),
  /** How a track's picture is made now, and what limits it; told on change, at most twice a second. */
  z.object({
    type: z.literal('stream'),
    track: z.int().check(z.gte(0), z.lte(MAX_VIDEO_TRACKS - 1)),
    display: z.int(),
    /** Encoded pixels; fewer than the display has when it is scaled. */
    width: z.int(),
    height: z.int(),
    /** What the encoder may use, bits per second, and pictures a second at most. */
    bitrate: z.number(),
    maxFps: z.number(),
    content: z.enum(['screen', 'motion']),
    mode: QualityMode,
    limitedBy: z.enum(['nothing', 'network', 'encoder', 'mode']),
  }),
  /** The newest message of that peer's `input` channel that was carried out, 0 for none. */
  z.object({ type: z.literal('resumed'), peerId: Id, inputId: z.int().check(z.nonnegative()) }),
  z.object({ type: z.literal('capabilities'), capabilities: z.array(Capability) }),
  z.object({ type: z.literal('pong'), n: z.int(), agentTimeMs: z.number() }),
  /** A message was not carried out: the grant does not allow it, or it could not be done. */
  z.object({
    type: z.literal('refused'),
    what: z.enum(['input', 'display', 'special-keys']),
    reason: z.string(),
  }),
  /** Capture paused or failed for the reason given; the picture goes on by itself when it can. */
  z.object({
    type: z.literal('capture'),
    state: z.enum(['running', 'paused', 'unavailable']),
    reason: z.nullable(z.string()),
  }),
  z.object({ type: z.literal('bye'), reason: z.nullable(EndReason) }),
]);
export type AgentControlMessage = z.infer<typeof AgentControlMessage>;
