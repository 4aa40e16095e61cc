import { runXProgram } from '../../e2e/support/x-programs.ts';
import { measureCpu } from '../support/process-cpu.ts';
import { round } from '../support/statistics.ts';
import { bytesReceived, elapse, type Rig, received } from './rig.ts';
import { measureSharpness } from './sharpness.ts';

function processes(rig: Rig) {
  return { agent: rig.agent.pid, x: rig.desktop.xServer.pid, server: rig.stack.server.process.pid };
}

/** A full-screen source that paints each frame in one piece: what of it arrives, whole or torn, and its cost. */
export async function measureMoving(rig: Rig, kind: 'desk' | 'text', fps: number) {
  const source = await runXProgram(rig.desktop, 'frame-source', [kind, String(fps)]);
  try {
    // The bitrate needs a moment to find its level.
    await elapse(rig.options.quick ? 3_000 : 6_000);
    const before = await received(rig.viewer);
    const paintedBefore = countFrames(source.output);
    await rig.viewer.evaluate(() => window.guruProbe?.startCounting());
    const cpu = await measureCpu(processes(rig), () => elapse(rig.options.quick ? 5_000 : 15_000));
    const seen = await rig.viewer.evaluate(() => window.guruProbe?.stopCounting());
    const after = await received(rig.viewer);
    const painted = countFrames(source.output) - paintedBefore;
    const delivered = seen?.distinct ?? 0;
    return {
      video: {
        sourceFps: round(painted / cpu.elapsed),
        decodedFps: round((after.decoded - before.decoded) / cpu.elapsed),
        deliveredFps: round(delivered / cpu.elapsed),
        tornPercent: round((100 * (seen?.torn ?? 0)) / Math.max(1, seen?.presented ?? 0), 2),
        bytesPerSecond: Math.round((after.bytes - before.bytes) / cpu.elapsed),
      },
      moving: {
        cpuPercentAgent: cpu.percent.agent,
        cpuPercentX: cpu.percent.x,
        cpuPercentServer: cpu.percent.server,
      },
      cpuSecondsPer100Frames: round((100 * cpu.seconds.agent) / Math.max(1, delivered), 2),
      cpuSecondsPerMinute: perMinute(cpu),
    };
  } finally {
    await source.stop();
  }
}

/** A screen on which nothing changes must cost nothing. */
export async function measureStill(rig: Rig) {
  // The last sharpening of the picture before is over by then.
  await elapse(4_000);
  const bytesBefore = await bytesReceived(rig.viewer);
  const cpu = await measureCpu(processes(rig), () => elapse(rig.options.quick ? 15_000 : 60_000));
  const bytes = (await bytesReceived(rig.viewer)) - bytesBefore;
  const black = await measureSharpness(rig, 'black');
  const colour = await measureSharpness(rig, 'blue');
  return {
    cpuPercentAgent: cpu.percent.agent,
    cpuPercentX: cpu.percent.x,
    bytesPerSecond: Math.round(bytes / cpu.elapsed),
    psnrBlackDb: black.psnrDb,
    psnrColourDb: colour.psnrDb,
    tiles: { black: black.tiles, colour: colour.tiles },
    cpuSecondsPerMinute: perMinute(cpu),
  };
}

function perMinute(cpu: { seconds: Record<'agent' | 'x' | 'server', number>; elapsed: number }) {
  const scale = (seconds: number) => round((60 * seconds) / cpu.elapsed, 2);
  return { agent: scale(cpu.seconds.agent), x: scale(cpu.seconds.x), server: scale(cpu.seconds.server) };
}

function countFrames(output: string): number {
  let count = 0;
  for (let at = output.indexOf('\nframe '); at >= 0; at = output.indexOf('\nframe ', at + 1)) count += 1;
  return count;
}
