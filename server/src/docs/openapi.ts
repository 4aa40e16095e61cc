import {
  API_BASE,
  type ApiRoute,
  apiRoutes,
  ERROR_STATUS,
  FileReply,
  MACHINE_HEADERS,
  WireError,
} from '@guruconnect/shared';
import * as z from 'zod/mini';

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 description of the API, made from the same rows that the server answers by. */
export function createOpenApi(): Json {
  const paths: Record<string, Json> = {};
  for (const [name, route] of Object.entries<ApiRoute>(apiRoutes)) {
    const path = API_BASE + route.path;
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(name, route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'GuruConnect',
      version: '1',
      description:
        'Times are milliseconds since the Unix epoch. Sign in with POST /api/v1/auth/login, keep the cookie, and send the reply’s `csrfToken` as the header `x-csrf-token` with every request that is not a GET.',
    },
    servers: [{ url: '/' }],
    tags: [...new Set(Object.values<ApiRoute>(apiRoutes).map((route) => route.tag))].map((tag) => ({
      name: tag,
    })),
    paths,
    components: {
      securitySchemes: {
        login: { type: 'apiKey', in: 'cookie', name: 'gc_login' },
        machine: {
          type: 'apiKey',
          in: 'header',
          name: MACHINE_HEADERS.signature,
          description:
            'Made by always-on agents: ECDSA with SHA-256 and the machine’s P-256 key over method, path, machine, time and the SHA-256 of the body.',
        },
      },
      schemas: { Error: z.toJSONSchema(z.object({ error: WireError }), { io: 'output' }) },
    },
  };
}

function operationOf(name: string, route: ApiRoute): Json {
  return {
    operationId: name,
    summary: route.summary,
    tags: [route.tag],
    ...(route.permission === null ? {} : { 'x-permission': route.permission }),
    security: SECURITY[route.auth],
    parameters: [...pathParameters(route), ...queryParameters(route), ...headerParameters(route)],
    ...requestBodyOf(route),
    responses: {
      '200': { description: 'Done', content: replyContent(route) },
      default: {
        description: `Refused, with a code: ${Object.keys(ERROR_STATUS).join(', ')}`,
        content: jsonContent({ $ref: '#/components/schemas/Error' }),
      },
    },
  };
}

function requestBodyOf({ body, file }: ApiRoute): Json {
  if (file) return { requestBody: { required: true, content: fileContent(file.types) } };
  return body ? { requestBody: { required: true, content: jsonContent(schemaOf(body, 'input')) } } : {};
}

function replyContent({ reply }: ApiRoute): Json {
  return reply === FileReply ? fileContent(['*/*']) : jsonContent(schemaOf(reply, 'output'));
}

const SECURITY = { none: [], login: [{ login: [] }], machine: [{ machine: [] }] };

function pathParameters(route: ApiRoute): Json[] {
  return [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', format: 'uuid' },
  }));
}

function queryParameters(route: ApiRoute): Json[] {
  if (!route.query) return [];
  const { properties = {}, required = [] } = z.toJSONSchema(route.query, { io: 'output' });
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

function headerParameters(route: ApiRoute): Json[] {
  if (route.auth === 'machine') {
    return [MACHINE_HEADERS.machine, MACHINE_HEADERS.time].map((name) => ({
      name,
      in: 'header',
      required: true,
      schema: { type: 'string' },
    }));
  }
  if (route.auth === 'none' || route.method === 'GET') return [];
  return [{ name: 'x-csrf-token', in: 'header', required: true, schema: { type: 'string' } }];
}

function schemaOf(schema: z.ZodMiniType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}

function fileContent(types: readonly string[]): Json {
  return Object.fromEntries(types.map((type) => [type, { schema: { type: 'string', format: 'binary' } }]));
}

function jsonContent(schema: Json): Json {
  return { 'application/json': { schema } };
}
