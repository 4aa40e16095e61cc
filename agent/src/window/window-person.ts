import type { AgentSessionView, Capability, EndReason } from '@guruconnect/shared';
import { describeError, type Log } from '../core/log.ts';
import type { Countdown } from '../session/consent-default.ts';
import type { PersonAtMachine } from '../session/person.ts';
import type { OpenPanelWindow, Panel, PanelButton, PanelWindow } from './panel.ts';

type Participant = AgentSessionView['participants'][number];
type Answer = Capability | 'refuse';

export interface WindowPersonDeps {
  readonly openWindow: OpenPanelWindow;
  /** Rejects when the server cannot be told. */
  readonly answer: (participantId: string, answer: Answer) => Promise<void>;
  readonly stop: () => void;
  /** How long ago a technician pressed a key or button here, in ms. */
  readonly remotePressAgoMs: () => number;
  readonly log: Log;
}

/** A press that follows a technician's own so closely is the technician's: nobody grants themselves consent. */
const REMOTE_PRESS_MS = 300;

/**
 * Tells the person at the machine, in windows of the agent's own, who sees it, with Stop and the safety words, and
 * asks for consent when no guest panel is open. The page in a browser comes from the server; these windows do not.
 */
export class WindowPerson implements PersonAtMachine {
  readonly #deps: WindowPersonDeps;
  readonly #window: PanelWindow;
  readonly #words = new Map<string, string>();
  #view: AgentSessionView | undefined;
  #countdown: Countdown | undefined;
  /** Answered here; the server's word of it is on its way. */
  readonly #answered = new Set<string>();

  constructor(deps: WindowPersonDeps) {
    this.#deps = deps;
    this.#window = deps.openWindow({
      onPressed: (buttonId) => this.#pressed(buttonId),
      onUnavailable: (reason) => deps.log.warn({ reason }, 'no window can be shown here'),
    });
  }

  sessionChanged(view: AgentSessionView): void {
    this.#view = view;
    for (const id of [...this.#answered]) {
      if (!view.participants.some((one) => one.id === id && one.grant.status === 'asked'))
        this.#answered.delete(id);
    }
    this.#draw();
  }

  linkChanged(): void {}

  securityWords(participantId: string, words: readonly string[]): void {
    this.#words.set(participantId, words.join(' '));
    this.#draw();
  }

  /** How long the question is still shown before it is answered by default; undefined for as long as it takes. */
  countdown(countdown: Countdown | undefined): void {
    this.#countdown = countdown;
    this.#draw();
  }

  sessionEnded(_reason: EndReason | null): void {
    this.#view = undefined;
    this.#window.close();
  }

  #draw(): void {
    if (!this.#view) return;
    const asking = this.#asking(this.#view);
    const countdown = this.#countdown?.participantId === asking?.id ? this.#countdown : undefined;
    this.#window.show(asking ? questionOf(asking, this.#view, countdown) : bannerOf(this.#view, this.#words));
  }

  /** Who is asked about in the window: nobody while a guest panel asks. */
  #asking({ consentRequired, guestPanelOpen, participants }: AgentSessionView): Participant | undefined {
    if (!consentRequired || guestPanelOpen) return undefined;
    return participants.find((one) => one.grant.status === 'asked' && !this.#answered.has(one.id));
  }

  #pressed(buttonId: string): void {
    if (buttonId === 'stop') {
      this.#deps.stop();
      return;
    }
    const asking = this.#view && this.#asking(this.#view);
    if (!asking || !isAnswer(buttonId)) return;
    if (this.#deps.remotePressAgoMs() < REMOTE_PRESS_MS) {
      this.#deps.log.warn(
        { participantId: asking.id },
        'a technician pressed in the consent window: ignored',
      );
      return;
    }
    this.#answered.add(asking.id);
    this.#draw();
    this.#deps.answer(asking.id, buttonId).catch((error: unknown) => {
      this.#deps.log.warn({ reason: describeError(error) }, 'the answer could not be sent');
      this.#answered.delete(asking.id);
      this.#draw();
    });
  }
}

const REFUSE: PanelButton = { id: 'refuse', label: 'Refuse', look: 'plain' };

function questionOf(
  { name, grant }: Participant,
  { companyName }: AgentSessionView,
  countdown: Countdown | undefined,
): Panel {
  const wantsControl = grant.status === 'asked' && grant.wants === 'control';
  return {
    kind: 'question',
    title: `Let ${name} of ${companyName} see ${wantsControl ? 'and control ' : ''}this computer?`,
    lines: [
      'Everything on this screen will be seen. You can stop at any time, at the top of the screen.',
      ...(countdown ? [countdownLine(countdown)] : []),
    ],
    buttons: wantsControl
      ? [
          REFUSE,
          { id: 'view', label: 'View only', look: 'plain' },
          { id: 'control', label: 'Allow', look: 'primary' },
        ]
      : [REFUSE, { id: 'view', label: 'Allow', look: 'primary' }],
  };
}

function countdownLine({ secondsLeft, otherwise }: Countdown): string {
  return `Without an answer this is ${otherwise === 'allow' ? 'allowed' : 'refused'} in ${secondsLeft} s.`;
}

/** Undefined while nobody sees this computer, or may go on to. */
function bannerOf(view: AgentSessionView, words: ReadonlyMap<string, string>): Panel | undefined {
  const seeing = view.participants.filter((one) => one.grant.status === 'allowed');
  const paused = view.participants.filter((one) => one.grant.status === 'paused');
  if (seeing.length === 0 && paused.length === 0) return undefined;
  const pausedText =
    paused.length === 0
      ? undefined
      : `${joinNames(paused.map((one) => one.name))} ${paused.length > 1 ? 'are' : 'is'} paused and ${paused.length > 1 ? 'see' : 'sees'} nothing`;
  const holder = seeing.find((one) => one.hasControl);
  const names = joinNames(seeing.map((one) => one.name));
  const what = holder ? 'can see and control this computer' : 'can see this computer';
  const seeingTitle =
    holder && seeing.length > 1
      ? `${names} can see this computer, ${holder.name} controls it`
      : `${names} ${what}`;
  const safety = seeing.flatMap((one) => {
    const said = words.get(one.id);
    if (said === undefined) return [];
    return [seeing.length > 1 ? `Safety words with ${one.name}: ${said}` : `Safety words: ${said}`];
  });
  return {
    kind: 'banner',
    title: seeing.length > 0 ? seeingTitle : (pausedText ?? ''),
    lines: [view.companyName, ...(seeing.length > 0 && pausedText ? [pausedText] : []), ...safety],
    buttons: [{ id: 'stop', label: 'Stop', look: 'danger' }],
  };
}

function joinNames(names: readonly string[]): string {
  return new Intl.ListFormat('en').format(names);
}

function isAnswer(id: string): id is Answer {
  return id === 'view' || id === 'control' || id === 'refuse';
}
