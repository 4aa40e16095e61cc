/** How long things around sessions on machines may take, in milliseconds. */
export interface MachineTimings {
  /** From the call to the agent until its session host must have attached. */
  readonly attachMs: number;
  /** A session at which nobody looks any more ends after so long. */
  readonly emptyMs: number;
  /** After a question's time is over the agent has so long to say so; then the server applies the default itself. */
  readonly consentGraceMs: number;
  /** A machine is back: its session host may come back by itself within this, with its picture. */
  readonly returnMs: number;
  /** A host that was called is not called again within this. */
  readonly recallMs: number;
  /** Whoever left last may come back within this as somebody new: that is how one asks for more than before. */
  readonly leaveMs: number;
  readonly sweepMs: number;
}

export const MACHINE_TIMINGS: MachineTimings = {
  attachMs: 30_000,
  emptyMs: 2 * 60_000,
  consentGraceMs: 10_000,
  returnMs: 2_500,
  recallMs: 5_000,
  leaveMs: 1_000,
  sweepMs: 2_000,
};
