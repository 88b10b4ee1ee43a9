// What a user's program may look like: a typed client made from /openapi.json,
// used against a running front.  Prints "ok NAME" for each thing that it did.
//
//   node client.js BASE_URL NAME [TOKEN]

import createClient from 'openapi-fetch';
import type { components, paths } from './schema.js';

declare const process: { argv: string[]; exitCode: number };

type DataProduct = components['schemas']['DataProduct'];
type Registration = components['schemas']['DataProductRegistration'];
type DryRun = components['schemas']['DryRun'];

const [baseUrl = '', name = '', token] = process.argv.slice(2);
const client = createClient<paths>({
  baseUrl,
  headers: token ? { Authorization: `Bearer ${token}` } : {},
});

const registration: Registration = {
  name,
  description: 'Made by a typed client',
  domain: 'HQ',
  dataProductOwner: 'jane.doe@example.org',
  dataProductOwnerDisplayName: 'Jane Doe',
  email: 'jane.doe@example.org',
  status: 'draft',
  retentionPeriod: 30,
  dpiaRequired: false,
  tags: { made: 'by a client' },
};

// The models are in the types.
// @ts-expect-error there is no such domain
const wrongDomain: Registration = { ...registration, domain: 'Nowhere' };
// @ts-expect-error a number is no text
const wrongType: Registration = { ...registration, retentionPeriod: '30' };
const { email, ...withoutEmail } = registration;
// @ts-expect-error an email is required
const incomplete: Registration = withoutEmail;
void [wrongDomain, wrongType, incomplete, email];

function check(what: string, good: boolean, seen?: unknown): void {
  if (!good) {
    throw new Error(`${what}: ${JSON.stringify(seen)}`);
  }
  console.log(`ok ${what}`);
}

function isDryRun(answer: DataProduct | DryRun): answer is DryRun {
  return 'changes' in answer;
}

async function register(): Promise<void> {
  const first = await client.POST('/v1/data-products', { body: registration });
  check('register', first.response.status === 201, first.error);
  const again = await client.POST('/v1/data-products', { body: registration });
  check('register again', again.response.headers.get('idempotent-replayed') === 'true');
}

async function read(): Promise<string> {
  const { data, error, response } = await client.GET('/v1/data-products/{id}', {
    params: { path: { id: `dp:${name}` } },
  });
  check('read', data?.id === `dp:${name}:v1.0`, error);
  check('read a tag', data?.tags?.['made'] === 'by a client', data);
  return response.headers.get('etag') ?? '';
}

async function dryRun(): Promise<void> {
  const { data } = await client.PATCH('/v1/data-products/{id}', {
    params: { path: { id: `dp:${name}` }, query: { dryRun: true } },
    headers: { 'Content-Type': 'application/merge-patch+json' },
    body: { status: 'draft', description: 'Another' },
  });
  check('dry run', data !== undefined && isDryRun(data) && data.kind === 'minor', data);
}

async function patch(etag: string): Promise<void> {
  const stale = await client.PATCH('/v1/data-products/{id}', {
    params: { path: { id: `dp:${name}` }, header: { 'If-Match': '"stale"' } },
    headers: { 'Content-Type': 'application/merge-patch+json' },
    body: { retentionPeriod: 60 },
  });
  check('patch on a stale tag', stale.error?.status === 412, stale.error);
  const { data, error } = await client.PATCH('/v1/data-products/{id}', {
    params: { path: { id: `dp:${name}` }, header: { 'If-Match': etag } },
    headers: { 'Content-Type': 'application/merge-patch+json' },
    body: { retentionPeriod: 60, tags: { made: null } },
  });
  check('patch', data?.version === 'v1.1', error);
}

async function table(): Promise<void> {
  const id = `dp:${name}:readings`;
  const made = await client.POST('/v1/schemas/{id}', {
    params: { path: { id } },
    body: {
      tableDescription: 'One row a reading',
      columns: [{ name: 'at', type: 'timestamp', description: 'When' }],
    },
  });
  check('add a table', made.response.status === 201, made.error);
  const broken = await client.PUT('/v1/schemas/{id}', {
    params: { path: { id } },
    body: { tableDescription: 'One row a reading', columns: [{ name: 'at', type: 'time', description: '' }] },
  });
  check('be told of a fault', broken.error?.type === 'urn:dpmeta:problem:invalid-document'
    && broken.error.errors?.[0]?.pointer === '/columns/0/type', broken.error);
  const { data } = await client.GET('/v1/schemas/{id}', { params: { path: { id } } });
  // other formats, which Accept may ask for, have other forms
  check('read a table', typeof data === 'object' && 'columns' in data
    && data.columns[0]?.type === 'timestamp', data);
}

async function history(): Promise<void> {
  const versions = await client.GET('/v1/data-products/{id}/versions', {
    params: { path: { id: `dp:${name}` } },
  });
  check('list versions', versions.data?.map((v) => v.version).join() === 'v1.2,v1.1,v1.0', versions.data);
  const changes = await client.GET('/v1/data-products/{id}/changes', {
    params: { path: { id: `dp:${name}` }, query: { from: 'v1.0' } },
  });
  check('list changes', changes.data?.changes.some((c) => c.change === 'table-added') === true, changes.data);
}

async function list(): Promise<void> {
  const { data } = await client.GET('/v1/data-products', {
    params: { query: { domain: 'HQ', limit: 1000 } },
  });
  check('list', data?.some((p) => p.name === name) === true, data?.length);
}

async function miss(): Promise<void> {
  const { error } = await client.GET('/v1/data-products/{id}', {
    params: { path: { id: `dp:${name}_not_there` } },
  });
  // Narrowed: the types tell which problems there are.
  check('miss', error?.status === 404 && error.type === 'urn:dpmeta:problem:not-found', error);
}

async function main(): Promise<void> {
  await register();
  const etag = await read();
  await dryRun();
  await patch(etag);
  await table();
  await history();
  await list();
  await miss();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
