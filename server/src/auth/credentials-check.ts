import { Passport } from 'passport';
import { Strategy } from 'passport-local';

/**
 * Checks a user name and a password by passport's local strategy. `verify` resolves with the person, or undefined
 * when the two do not fit. This is the only file that knows passport.
 */
export function createCredentialsCheck<User extends object>(
  verify: (username: string, password: string) => Promise<User | undefined>,
): (username: string, password: string) => Promise<User | undefined> {
  const passport = new Passport();
  passport.use(
    new Strategy({ session: false }, (username, password, done) => {
      verify(username, password).then(
        (user) => done(null, user ?? false),
        (error: unknown) => done(error),
      );
    }),
  );
  return (username, password) =>
    new Promise((resolve, reject) => {
      const settle = (error: unknown, user: User | false | null) => {
        if (error) reject(error);
        else resolve(user || undefined);
      };
      // The strategy reads nothing of a request but its body.
      passport.authenticate('local', { session: false }, settle)(
        { body: { username, password } },
        {},
        reject,
      );
    });
}
