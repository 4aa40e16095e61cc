import { expect, it } from 'vitest';
import { newPerson } from './launch-browser.ts';
import { signInPage } from './sign-in-page.ts';
import { stageOfThisFile } from './stage.ts';

const stage = stageOfThisFile();

it.each(['PGlite', 'PostgreSQL'] as const)(
  'a stack on %s has its administrator, users, sessions with codes, and survives a restart',
  async (database) => {
    const stack = await stage.startStack({ database });
    const technician = await stack.createUser('technician');
    const senior = await stack.signIn(await stack.createUser('senior'));
    expect((await senior.call('me', {})).role).toBe('senior');
    const session = await stack.createSession({ name: 'Printer' }, await stack.signIn(technician));
    expect(session.code).toMatch(/^\d{6}$/);

    const before = stack.url;
    await stack.restart('SIGKILL');
    expect(stack.url).toBe(before);
    const { sessions } = await stack.admin.call('listSessions', { query: {} });
    expect(sessions.map((one) => one.name)).toEqual(['Printer']);

    const person = await newPerson(await stage.launchBrowser());
    const page = await person.newPage();
    await signInPage(page, stack.url, technician);
    expect(new URL(page.url()).pathname).toMatch(/^\/app/);
  },
);
