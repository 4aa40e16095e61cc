import type { Launcher } from '../launcher/launcher.ts';
import type { SessionStage, ToLauncher } from '../launcher/launcher-messages.ts';
import { LauncherPerson } from '../launcher/launcher-person.ts';
import { SESSION_IS_OVER } from '../session/end-text.ts';
import type { OneTimeFront } from './one-time-front.ts';

/** The person reads and answers in the window of the native launcher. */
export function launcherFront(launcher: Launcher): OneTimeFront {
  let companyName = '';
  let lastWord = SESSION_IS_OVER;
  const tell = (message: ToLauncher) => {
    if (message.type === 'state' && message.state === 'ended') lastWord = message.text;
    launcher.tell(message);
  };
  const say = (state: SessionStage, text: string) =>
    tell({ type: 'state', state, company: companyName, text });
  say('starting', 'Connecting to the server.');
  return {
    gone: launcher.gone,
    askCode: async (signal) => (await launcher.next('code', signal)).code,
    askAnotherCode: async (refusal, signal) => {
      tell({ type: 'code-refused', text: refusal });
      const { code } = await launcher.next('code', signal);
      say('starting', 'Connecting to the server.');
      return code;
    },
    unreachable: () => {
      say('reconnecting', 'The server cannot be reached; trying again.');
      return true;
    },
    waiting: () => say('waiting', 'Waiting until your technician lets this computer in.'),
    puzzle: () => tell({ type: 'puzzle' }),
    begins: (name) => {
      companyName = name;
      say('starting', `This is a support session with ${name}.`);
    },
    newPerson: (_session, name) => new LauncherPerson({ tell, companyName: name }),
    crashed: () => say('reconnecting', 'The session was interrupted by a fault. It goes on in a moment.'),
    askSecureAttention: () => tell({ type: 'sas' }),
    onStop: (stop) => {
      launcher.on('stop', stop);
      launcher.on('quit', stop);
      if (launcher.gone.aborted) stop();
      else launcher.gone.addEventListener('abort', stop, { once: true });
    },
    over: async (outcome, text) => {
      tell({ type: 'over', outcome, text: text === '' ? lastWord : text });
      await launcher.close();
    },
  };
}
