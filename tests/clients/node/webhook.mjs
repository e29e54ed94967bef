// A receiver that believes a webhook only when the library of Standard Webhooks does.
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { failed, hear, say } from './lab.mjs';

const verdict = (secret, body, headers) => {
  try { new Webhook(secret).verify(body, headers); return 'verified'; } catch (error) { return error.message; }
};

try {
  let secret;
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString('utf8');
    say({
      verdict: verdict(secret, body, request.headers),
      changed: verdict(secret, body + ' ', request.headers),
      stranger: verdict('whsec_' + Buffer.from('another secret altogether').toString('base64'), body, request.headers),
      id: request.headers['webhook-id'],
      event: JSON.parse(body),
    });
    response.writeHead(204).end();
  });
  server.listen(0, '127.0.0.1', () => say({ port: server.address().port }));
  for (let line; (line = await hear()) !== undefined;) secret = line; // until nobody is there to tell it another
} catch (error) { failed(error); }
