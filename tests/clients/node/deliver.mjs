// nodemailer hands a mail to a server on loopback: port, sender, recipient, file.
import { readFileSync } from 'node:fs';
import nodemailer from 'nodemailer';

const [port, from, to, file] = process.argv.slice(2);
const transport = nodemailer.createTransport({
  host: '127.0.0.1', port: Number(port), secure: false, requireTLS: true, name: 'sender.fabrikam.example', tls: { rejectUnauthorized: false },
});
await transport.sendMail({ envelope: { from, to }, raw: readFileSync(file) });
