import {
  decodePresenceFrame,
  GuruError,
  PRESENCE_PROTOCOL,
  PRODUCT_VERSION,
  type PresenceMessage,
} from '@guruconnect/shared';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/ports.ts';
import { newToken } from '../../core/secrets.ts';
import type { Admission } from './admission.ts';
import type { AgentLine } from './agent-line.ts';
import type { LineDirectory } from './line-directory.ts';
import type { LineHandler } from './line-server.ts';
import type { MachineKeys } from './machine-keys.ts';
import type { RefusalRecord } from './refusal-record.ts';
import { verifyProof } from './verify-proof.ts';

export interface LineDeskDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly admission: Admission;
  readonly keys: MachineKeys;
  readonly directory: LineDirectory;
  readonly record: RefusalRecord;
  /** The line is the machine's from now on. */
  readonly onOnline: (line: AgentLine) => void;
  /** The machine's line is gone; nobody has taken its place. */
  readonly onOffline: (line: AgentLine) => void;
  /** Two computers hold the key of one machine: the first still answers, the newcomer is refused. */
  readonly onCloned: (first: AgentLine, newcomer: AgentLine) => void;
}

/** How long the line that a machine has may take to answer while a second one asks for its place. */
const RIVAL_MS = 5_000;

/** Decides who a line is: hello, challenge, proof, and one line for a machine. */
export class LineDesk implements LineHandler {
  readonly #deps: LineDeskDeps;
  /** Lines that were asked whether they live, and who waits for it. */
  readonly #asked = new Map<AgentLine, { readonly lives: Promise<boolean>; settle(lives: boolean): void }>();

  constructor(deps: LineDeskDeps) {
    this.#deps = deps;
  }

  readonly admit = (line: AgentLine): boolean => {
    const retryAfterMs = this.#deps.admission.ask(this.#deps.clock.now());
    if (retryAfterMs === 0) return true;
    line.refuse(
      new GuruError('too-many-requests', 'Too many agents connect at once.', { details: { retryAfterMs } }),
    );
    return false;
  };

  readonly heard = (line: AgentLine, frame: string): void => {
    const message = decodePresenceFrame(frame);
    if (line.state === 'connected' && message?.type === 'hello') void this.#greet(line, message.machineId);
    else if (isAnswer(message, line)) void this.#prove(line, message.nonce, message.signature);
    else this.malformed(line, message?.type ?? frame);
  };

  readonly malformed = (line: AgentLine, what: string): void => {
    this.#deps.record(line, 'malformed', { message: what.slice(0, 60) });
    line.refuse(GuruError.invalid('That is no message of an agent.'));
  };

  readonly closed = (line: AgentLine): void => {
    this.#asked.get(line)?.settle(false);
    if (line.machineId !== '' && this.#deps.directory.remove(line.machineId, line)) {
      this.#deps.onOffline(line);
    }
  };

  async #greet(line: AgentLine, said: string): Promise<void> {
    // Ids have one spelling here, whatever the agent's.
    line.machineId = said.toLowerCase();
    line.state = 'known';
    try {
      const key = await this.#deps.keys.find(line.machineId);
      if (line.state !== 'known') return;
      if (!key || key.isRemoved) return this.#refuseIdentity(line, key ? 'removed' : 'unknown-machine');
      line.state = 'challenged';
      this.#challenge(line);
    } catch (error) {
      this.#fail(line, error);
    }
  }

  #challenge(line: AgentLine): void {
    line.nonce = newToken();
    line.tell({ type: 'challenge', nonce: line.nonce, signature: null });
  }

  /** An answer to the challenge that is open: a new line proves who it is, an old one that it lives. */
  async #prove(line: AgentLine, nonce: string, signature: string): Promise<void> {
    // Good for one try.
    line.nonce = null;
    try {
      const { machineId } = line;
      const key = await this.#deps.keys.find(machineId);
      const isGood = key !== undefined && (await verifyProof(key.publicKey, { machineId, nonce, signature }));
      if (line.isClosing) return;
      if (!isGood) return this.#refuseProof(line);
      if (key.isRemoved) return this.#refuseIdentity(line, 'removed');
      if (line.isOnline) return this.#asked.get(line)?.settle(true);
      line.state = 'proved';
      await this.#claim(line);
    } catch (error) {
      this.#fail(line, error);
    }
  }

  /** Makes it the machine's line once no other one lives. */
  async #claim(line: AgentLine): Promise<void> {
    const { directory } = this.#deps;
    // Whoever takes the place meanwhile is asked in turn.
    for (let holder = directory.get(line.machineId); holder; holder = directory.get(line.machineId)) {
      const lives = await this.#ask(holder);
      if (line.isClosing) return;
      if (lives) {
        this.#deps.onCloned(holder, line);
        return line.refuse(
          new GuruError('conflict', 'This identity is in use by another computer right now.'),
        );
      }
      if (directory.remove(line.machineId, holder)) holder.cut();
    }
    line.state = 'online';
    directory.put(line.machineId, line);
    const { machineId } = line;
    line.tell({ type: 'hello', protocol: PRESENCE_PROTOCOL, machineId, version: PRODUCT_VERSION });
    this.#deps.onOnline(line);
  }

  /** Whether a line answers a fresh challenge in time. */
  #ask(line: AgentLine): Promise<boolean> {
    const already = this.#asked.get(line);
    if (already) return already.lives;
    let settle: (lives: boolean) => void = () => undefined;
    const lives = new Promise<boolean>((resolve) => {
      const callOff = this.#deps.clock.after(RIVAL_MS, () => settle(false));
      settle = (answer) => {
        callOff();
        this.#asked.delete(line);
        resolve(answer);
      };
    });
    this.#asked.set(line, { lives, settle });
    this.#challenge(line);
    return lives;
  }

  #refuseIdentity(line: AgentLine, reason: 'removed' | 'unknown-machine'): void {
    this.#deps.record(line, reason, {});
    line.refuse(new GuruError('not-allowed', 'This machine is not enrolled here.'));
  }

  #refuseProof(line: AgentLine): void {
    this.#deps.record(line, 'wrong-signature', {});
    line.refuse(new GuruError('unauthenticated', 'The signature is not the one of this machine.'));
  }

  #fail(line: AgentLine, error: unknown): void {
    this.#deps.log.error({ err: error }, 'an agent could not be let in');
    line.refuse(new GuruError('unavailable', 'The server cannot check who you are now.'));
  }
}

type Answer = Extract<PresenceMessage, { type: 'challenge' }> & { readonly signature: string };

/** Whether that is an answer to the one challenge which the line was given and has not answered yet. */
function isAnswer(message: PresenceMessage | undefined, line: AgentLine): message is Answer {
  return message?.type === 'challenge' && message.signature !== null && message.nonce === line.nonce;
}
