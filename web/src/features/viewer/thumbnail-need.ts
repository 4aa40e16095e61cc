import { mayDrive, participantOf, phaseOf, type ViewerState } from './viewer-state.ts';

/**
 * The machine of which this viewer may give a small picture now: the deployment keeps them, this person controls it,
 * and what is shown is its screen, live.
 */
export function thumbnailMachineOf(state: ViewerState): string | undefined {
  const { session, capture, hasPicture, serverReachable } = state;
  if (!session?.takesThumbnails || session.machineId === null) return undefined;
  const isItsScreen = phaseOf(state).kind === 'live' && hasPicture && capture.state === 'running';
  const isOurs = mayDrive(state) && participantOf(state)?.hasControl === true;
  return isItsScreen && isOurs && serverReachable ? session.machineId : undefined;
}
