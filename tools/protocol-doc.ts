import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AgentSessionView,
  API_BASE,
  type ApiRoute,
  agentToServer,
  apiRoutes,
  Capability,
  consoleToServer,
  DisplayInfo,
  EndpointLink,
  EndReason,
  Grant,
  GuestView,
  guestToServer,
  IceServer,
  Knock,
  Lifecycle,
  MachineInfo,
  type MessageTable,
  ParticipantView,
  PeerAnswer,
  PeerCandidate,
  PeerCloseReason,
  PeerOffer,
  PeerOrder,
  PresenceMessage,
  SessionRights,
  SessionView,
  SignedGrant,
  serverToAgent,
  serverToConsole,
  serverToGuest,
} from '@guruconnect/shared';
import * as z from 'zod/mini';
import { shapeOf } from './check/schema-shape.ts';

const FILE = join('docs', 'protocol.md');

/** Schemas that many messages use: told once, then named. */
const NAMED = {
  Capability,
  DisplayInfo,
  EndpointLink,
  EndReason,
  Grant,
  GuestView,
  IceServer,
  Knock,
  Lifecycle,
  MachineInfo,
  ParticipantView,
  PeerAnswer,
  PeerCandidate,
  PeerCloseReason,
  PeerOffer,
  SessionRights,
  SessionView,
  SignedGrant,
  AgentSessionView,
  PeerOrder,
} satisfies Record<string, z.ZodMiniType>;

const TABLES: readonly { title: string; table: MessageTable }[] = [
  { title: "Technician's browser to server (`/console`)", table: consoleToServer },
  { title: "Server to technician's browser (`/console`)", table: serverToConsole },
  { title: "End user's portal tab to server (`/guest`)", table: guestToServer },
  { title: "Server to end user's portal tab (`/guest`)", table: serverToGuest },
  { title: 'Session host to server (`/agent`)', table: agentToServer },
  { title: 'Server to session host (`/agent`)', table: serverToAgent },
];

/** Whether `docs/protocol.md` says what the tables in `shared/` say now. */
export function protocolDocIsCurrent(root: string): boolean {
  return readFileSync(join(root, FILE), 'utf8') === protocolDoc();
}

export function writeProtocolDoc(root: string): void {
  writeFileSync(join(root, FILE), protocolDoc());
}

/** The whole document, made from the message tables and the HTTP routes. */
export function protocolDoc(): string {
  return `${[
    '# Protocol',
    '',
    'Generated from the tables in `shared/src` by `npm run check -- --write-docs`; do not edit.',
    '',
    'Every message is a row of a table: its name, its payload and, for requests, its reply. Both ends parse',
    'what they get; a payload that does not fit is refused with `invalid-message`. Requests are answered by an',
    'acknowledgement `{ ok: true, value }` or `{ ok: false, error: { code, message } }`.',
    '',
    ...TABLES.flatMap(({ title, table }) => [`## ${title}`, '', ...messageRows(table), '']),
    '## Types named above',
    '',
    '```',
    ...Object.entries(NAMED).map(([name, schema]) => `${name} = ${shapeOf(definition(name, schema))}`),
    '```',
    '',
    '## Always-on agent and server (`/presence`)',
    '',
    'Fixed bytes, so that a launcher without a JavaScript engine can speak them.',
    '',
    '```',
    shape(PresenceMessage),
    '```',
    '',
    `## HTTP API (\`${API_BASE}\`)`,
    '',
    'Bodies and replies as schemas: `/api/docs` of a running server.',
    '',
    '| Route | What it does | Who | Permission |',
    '|---|---|---|---|',
    ...Object.values<ApiRoute>(apiRoutes).map(routeRow),
  ].join('\n')}\n`;
}

function messageRows(table: MessageTable): string[] {
  return Object.entries(table).flatMap(([name, row]) => [
    `### \`${name}\` (${row.kind})`,
    '',
    '```',
    shape(row.payload),
    ...(row.kind === 'request' ? [`=> ${shape(row.reply)}`] : []),
    '```',
    '',
  ]);
}

/** Who may call a route at all. */
const CALLERS = { none: 'anybody', login: 'signed in', machine: 'a machine' } as const;

function routeRow(route: ApiRoute): string {
  const who = CALLERS[route.auth];
  const permission = route.permission ? `\`${route.permission}\`` : '';
  return `| \`${route.method} ${route.path}\` | ${route.summary} | ${who} | ${permission} |`;
}

function shape(schema: z.ZodMiniType): string {
  return shapeOf(jsonSchema(schema));
}

/** A named schema spelled out, instead of the reference to itself that the registry makes of it. */
function definition(name: string, schema: z.ZodMiniType): unknown {
  const { $ref, $defs, ...spelled } = jsonSchema(schema);
  return $ref ? $defs?.[name] : spelled;
}

function jsonSchema(schema: z.ZodMiniType) {
  const names = z.registry<{ id: string }>();
  for (const [id, named] of Object.entries(NAMED)) names.add(named, { id });
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', metadata: names });
}
