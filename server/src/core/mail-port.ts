/** What a mail says, in both forms. */
export interface MailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Sends mail for the features. */
export interface Mailer {
  readonly isConfigured: boolean;
  /** Throws `unavailable` when no mail server is configured. */
  assertReady(): void;
  /** Resolves when the mail server has taken it; throws `unavailable` with a plain reason. */
  send(mail: MailText & { readonly to: string }): Promise<void>;
  close(): void;
}
