import type { Actor, AuditEntry, DeploymentSettings } from '@guruconnect/shared';

/**
 * What the features ask of one another. Each is implemented by one feature and handed to the others by
 * `app.ts`; no feature imports another's inside.
 */

/** Structured log; never given a secret. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Something worth a row in the audit log (R5). */
export interface AuditEvent {
  /** `user:<id>`, `guest`, `agent:<id>` of a session, `machine:<id>` (`machine`: unproven), `server`. */
  readonly actor: string;
  /** `subject.verb`, past tense: `login.succeeded`, `session.created`, `consent.answered`. */
  readonly action: string;
  readonly sessionId?: string;
  readonly address?: string;
  /** Facts without secrets. */
  readonly details?: Record<string, unknown>;
}

export interface AuditLog {
  /** Resolves when the row is stored; rows of one stream keep their order. */
  append(event: AuditEvent): Promise<void>;
}

export interface AuditReader {
  /** The entries of one session, oldest first. */
  ofSession(sessionId: string): Promise<AuditEntry[]>;
}

/** A live login of a technician, as routes and sockets see it. */
export interface Login {
  readonly loginId: string;
  readonly userId: string;
  readonly username: string;
  readonly name: string;
  readonly actor: Actor;
  readonly csrfToken: string;
}

export type LoginEndReason = 'signed-out' | 'expired' | 'disabled' | 'role-changed';

/** A login that ended, or whose person's role or team changed (`role-changed` ends it as well). */
export interface EndedLogin {
  readonly loginId: string;
  readonly userId: string;
  readonly reason: LoginEndReason;
}

export interface Logins {
  /** The live login of a `Cookie` header, refreshed; undefined when there is none. */
  authenticate(cookieHeader: string | undefined): Promise<Login | undefined>;
  /** Marks the login as in use (an open viewer counts), at most one write a minute. */
  touch(loginId: string): Promise<void>;
  /** Whether that login, known by its id, is still live; does not count as use. */
  isLive(loginId: string): Promise<boolean>;
  /**
   * Ties a live login to the browser with this identity key. False when it is tied to another: then whoever asks has
   * taken the cookie to another browser.
   */
  tieToBrowser(loginId: string, browserKey: string): Promise<boolean>;
  /** Called for each login that ends, on every way of ending; returns an unsubscribe function. */
  onEnded(listener: (ended: EndedLogin) => void): () => void;
}

/** A technician as other features see one; fits {@link Actor}. */
export interface Person extends Actor {
  readonly name: string;
  readonly disabled: boolean;
}

/** Starts and ends logins for other features. */
export interface LoginControl {
  /** Signs somebody in; the token goes into their cookie. */
  start(userId: string, from: { address: string; userAgent: string }): Promise<StartedLogin>;
  /** Ends all logins of a person, but for `except`. */
  endAll(userId: string, reason: LoginEndReason, except?: string): Promise<void>;
}

export interface StartedLogin {
  readonly loginId: string;
  readonly token: string;
  readonly csrfToken: string;
}

export interface People {
  find(userId: string): Promise<Person | undefined>;
}

export interface Settings {
  /** The settings now, from memory. */
  current(): DeploymentSettings;
  /** Whoever changes a setting is answered once what listeners do about it is done. */
  onChanged(listener: (settings: DeploymentSettings) => void | Promise<void>): () => void;
}

/** Relays for peers that nothing else connects. */
export interface RelayOffers {
  /** A way over a relay for both ends of a peer whose viewer is a page of `origin`; undefined when there is none now. */
  offer(peerId: string, origin: string): { readonly url: string; readonly ticket: string } | undefined;
  /** All that viewers may be sent to, in the form of `resolveRelayUrl`. */
  urls(): readonly string[];
}

/** Keys that the server makes once and keeps in the database. */
export interface ServerKeys {
  /** A stored secret of 32 bytes by name, made on first use. */
  secret(name: string): Promise<Buffer>;
  /** A stored P-256 signing key by name, made on first use; PKCS#8 PEM. */
  signingKey(name: string): Promise<{ privateKeyPem: string; publicKeySpkiBase64Url: string }>;
}
