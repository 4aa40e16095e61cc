import readline from 'node:readline/promises';

/** The terminal that the agent was started in, if it is one. */
export interface Terminal {
  /** Whether somebody can be asked. */
  readonly canAsk: boolean;
  print(line: string): void;
  /** The answer, trimmed; undefined when the question was withdrawn or the terminal is gone. */
  ask(question: string, signal: AbortSignal): Promise<string | undefined>;
}

export function createTerminal(streams: { input: NodeJS.ReadStream; output: NodeJS.WriteStream }): Terminal {
  const { input, output } = streams;
  // Closing a terminal makes writes fail before its SIGHUP arrives; stopping in order matters more than the text.
  output.on('error', () => {});
  return {
    canAsk: input.isTTY === true && output.isTTY === true,
    print: (line) => {
      output.write(`${line}\n`);
    },
    ask: async (question, signal) => {
      const lines = readline.createInterface({ input, output, terminal: false });
      const closed = new AbortController();
      lines.once('close', () => closed.abort());
      try {
        return (await lines.question(question, { signal: AbortSignal.any([signal, closed.signal]) })).trim();
      } catch (error) {
        if (signal.aborted || closed.signal.aborted) return undefined;
        throw error;
      } finally {
        lines.close();
      }
    },
  };
}
