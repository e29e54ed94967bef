// nodemailer's pool, as many connections an app as ours: reads how many mails to send, a line each time, and answers with what it took.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const readline = require('node:readline');
const nodemailer = require(path.join(process.env.BENCH_MODULES, 'nodemailer'));

const connections = Number(process.env.BENCH_CONNECTIONS);
const ca = fs.readFileSync(process.env.BENCH_CA);
const raw = fs.readFileSync(process.env.BENCH_MAIL);
const apps = Array.from({ length: Number(process.env.BENCH_APPS) }, (_, number) => {
  const user = `box-${number}@contoso.example`;
  return {
    user,
    transport: nodemailer.createTransport({
      host: '127.0.0.1',
      port: Number(process.env.BENCH_PORT),
      secure: false,
      requireTLS: true,
      tls: { ca },
      pool: true,
      maxConnections: connections,
      maxMessages: Infinity,
      auth: { type: 'OAuth2', user, accessToken: `token-of-${user}` },
    }),
  };
});

async function sendOf({ user, transport }, count) {
  let left = count;
  const envelope = { from: user, to: ['ann@fabrikam.example'] };
  const one = async () => {
    while (left-- > 0) await transport.sendMail({ envelope, raw });
  };
  await Promise.all(Array.from({ length: 2 * connections }, one)); // twice: none of them waits for us
}

async function run(count) {
  const began = process.hrtime.bigint();
  const before = process.cpuUsage();
  await Promise.all(apps.map((app, number) => sendOf(app, Math.floor(count / apps.length) + (number < count % apps.length ? 1 : 0))));
  const used = process.cpuUsage(before);
  return { seconds: Number(process.hrtime.bigint() - began) / 1e9, processor: (used.user + used.system) / 1e6 };
}

(async () => {
  process.stdout.write('ready\n');
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await run(Number(line)))}\n`);
  }
  process.exit(0);
})().catch((failure) => {
  process.stderr.write(`${failure.stack}\n`);
  process.exit(1);
});
