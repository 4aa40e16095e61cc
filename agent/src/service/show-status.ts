import type { MachineIdentity } from '../state/machine-identity.ts';
import type { ServiceState } from '../state/service-state.ts';

/** What this machine is called and how it is, for people; one line a thing. */
export function statusLines(known: {
  readonly identity: MachineIdentity | undefined;
  readonly service: { readonly state: ServiceState; readonly isRunning: boolean } | undefined;
  readonly isReconfiguring: boolean;
  readonly refusal: string | undefined;
  readonly now: number;
}): string[] {
  const { identity, service, isReconfiguring, refusal, now } = known;
  if (!identity) return ['This computer is not enrolled.'];
  const { labels, companyName, machineId, checkInSeconds } = identity.enrolment;
  const row = (title: string, value: string) => `${`${title}:`.padEnd(18)}${oneLine(value)}`;
  const lastCheckInAt = service?.state.lastCheckInAt ?? null;
  return [
    row('Machine', labels.name),
    row('Company', labels.company || companyName),
    row('Site', labels.site || '-'),
    row('Department', labels.department || '-'),
    row('Type', labels.deviceType || '-'),
    row('Tags', labels.tags.join(', ') || '-'),
    ...Object.entries(labels.properties).map(([key, value]) => row('Property', `${key} = ${value}`)),
    row('Server', identity.origin),
    row('Machine id', machineId),
    row('Connection', connectionOf(service, now)),
    row('Last check-in', lastCheckInAt === null ? 'not yet' : `${ago(now - lastCheckInAt)} ago`),
    row('Checks in every', ago(checkInSeconds * 1000)),
    ...(isReconfiguring ? ['Changes wait to be told to the server.'] : []),
    ...(refusal === undefined ? [] : [`The server refused the last change: ${oneLine(refusal)}`]),
  ];
}

function connectionOf(
  service: { readonly state: ServiceState; readonly isRunning: boolean } | undefined,
  now: number,
): string {
  if (!service?.isRunning) return 'the service does not run';
  const { online, since, problem } = service.state;
  const duration = ago(now - since);
  if (online) return `online for ${duration}`;
  return problem === null ? `offline for ${duration}, trying to reach the server` : `offline: ${problem}`;
}

function ago(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 120 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

/** Names come from people elsewhere: no control character of theirs reaches a terminal. */
function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g, ' ');
}
