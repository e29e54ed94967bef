// A client that is generated here and now from the gateway's own OpenAPI document, and sends a letter with it.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { generateApi } from 'swagger-typescript-api';
import { failed, say } from './lab.mjs';

const { API_URL: url, API_KEY: key, API_APP: app, API_TO: to } = process.env;
const folder = await mkdtemp(join(tmpdir(), 'passerelle-client-'));
const log = console.log;
try {
  console.log = console.info = console.warn = () => {}; // standard output is ours
  const spec = await (await fetch(`${url}/api/openapi.json`)).json();
  await generateApi({ spec, output: folder, fileName: 'client.ts', toJS: true, httpClientType: 'fetch', singleHttpClient: true, silent: true });
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  const made = (await readdir(folder)).find((name) => name.endsWith('.js'));
  const { Api, HttpClient } = await import(pathToFileURL(join(folder, made)));
  const client = new Api(new HttpClient({ baseUrl: url, baseApiParams: { headers: { Authorization: `Bearer ${key}` }, format: 'json' } }));
  const order = (name) => Object.values(client).find((group) => typeof group?.[name] === 'function')[name];
  console.log = log;

  const apps = (await order('listApps')()).data;
  const letter = { appId: app, to: [{ address: to, name: 'Ann' }], subject: 'From a generated client', text: 'It left on Monday.', reference: 'order-4711' };
  const sent = (await order('sendLetter')(letter, { headers: { 'Idempotency-Key': 'order-4711' } })).data;
  const again = (await order('sendLetter')(letter, { headers: { 'Idempotency-Key': 'order-4711' } })).data;
  const wrong = await order('getLetter')('00000000-0000-0000-0000-000000000000').catch((refusal) => refusal.error);
  say({ app: apps[0].emailId, letterId: sent.letterId, again: again.letterId, wrong: wrong.detail });
} catch (error) {
  failed(error instanceof Error ? error : { name: 'Refused', message: JSON.stringify(error?.error ?? error) });
} finally { await rm(folder, { recursive: true }); }
process.exit();
