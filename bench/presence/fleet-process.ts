import type { FleetOrder, FleetReport } from './fleet-messages.ts';
import { SimulatedAgent } from './simulated-agent.ts';

/** The process that holds all simulated agents, so that their memory and their work are not the server's. */
const agents: SimulatedAgent[] = [];
const refusals: Record<string, number> = {};
let online = 0;
let connects = 0;
let busiestSecond = 0;
let thisSecond = 0;

const report = (message: FleetReport) => process.send?.(message);

setInterval(() => {
  busiestSecond = Math.max(busiestSecond, thisSecond);
  thisSecond = 0;
}, 1_000);

function makeAgent(): SimulatedAgent {
  return new SimulatedAgent({
    online: () => {
      online += 1;
      connects += 1;
      thisSecond += 1;
      if (online === agents.length) report({ kind: 'all-online', at: Date.now() });
    },
    offline: () => {
      online -= 1;
    },
    refused: (code) => {
      refusals[code] = (refusals[code] ?? 0) + 1;
    },
  });
}

process.on('message', (order: FleetOrder) => {
  switch (order.kind) {
    case 'make':
      for (let at = 0; at < order.agents; at += 1) agents.push(makeAgent());
      report({ kind: 'made', machines: agents.map((agent) => agent.machine) });
      break;
    case 'connect':
      for (const agent of agents) agent.connect(order.url);
      break;
    case 'freeze':
      agents[order.agent]?.freeze();
      report({ kind: 'done', at: Date.now() });
      break;
    case 'stop':
      agents[order.agent]?.stop();
      report({ kind: 'done', at: Date.now() });
      break;
    case 'state':
      busiestSecond = Math.max(busiestSecond, thisSecond);
      report({ kind: 'state', state: { online, connects, busiestSecond, refusals } });
      busiestSecond = 0;
      break;
  }
});
process.on('disconnect', () => process.exit(0));
// What is said before somebody listens may be lost on the way through the loader.
report({ kind: 'ready' });
if (!process.connected) process.exit(0);
