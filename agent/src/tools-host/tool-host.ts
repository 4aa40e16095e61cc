/**
 * Terminals and jobs live in a process of their own, so that they outlive a session host that crashed. This is the
 * border that a session host will see; nothing implements it yet, and no message of the protocol asks for it.
 */
export interface ToolHost {
  /** What is running, also from before the session host was started. */
  running(): Promise<readonly RunningTool[]>;
  /** Starts a program with its arguments as they are; no shell takes part. Resolves with its id. */
  start(program: ToolProgram): Promise<string>;
  /** Takes up the output from where `afterByte` says, then follows it. Returns how to stop following. */
  follow(toolId: string, afterByte: number, onOutput: (output: ToolOutput) => void): () => void;
  write(toolId: string, data: Uint8Array): void;
  resize(toolId: string, columns: number, rows: number): void;
  /** Ends the program and everything it started. */
  end(toolId: string): Promise<void>;
}

export interface ToolProgram {
  readonly kind: 'terminal' | 'job';
  readonly file: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

export interface RunningTool {
  readonly toolId: string;
  readonly kind: ToolProgram['kind'];
  /** null while it runs. */
  readonly exitCode: number | null;
}

export type ToolOutput =
  | { readonly type: 'bytes'; readonly offset: number; readonly data: Uint8Array }
  | { readonly type: 'exit'; readonly code: number };
