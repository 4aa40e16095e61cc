/** Holds Control, Shift and a letter until its standard input ends, for the tests of processes that die. */
import { USAGE_OF_CODE } from '@guruconnect/shared';
import { openX11Injector } from '../x11-injector.ts';

const injector = openX11Injector(process.argv[2] ?? '');
for (const usage of [USAGE_OF_CODE.ControlLeft, USAGE_OF_CODE.ShiftLeft, USAGE_OF_CODE.KeyA]) {
  injector.key({ usage, codePoint: 0, down: true, repeat: false, modifiers: 0 });
}
// A key that does nothing still asks the server for its state, so everything before it has happened.
injector.key({ usage: 0, codePoint: 0, down: true, repeat: false, modifiers: 0 });
process.stdout.write('holding\n');
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
