// What nodemailer's mailparser reads in the letters of a folder: one JSON list, in the order of the files. The type of a file is that of
// its header: mailparser's own is a guess by the name.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';

const parties = (field) => (field?.value ?? []).map((one) => [one.name, one.address]);
const folder = process.env.LETTERS;
const letters = [];
for (const name of readdirSync(folder).sort()) {
  const mail = await simpleParser(readFileSync(join(folder, name)), { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true, keepCidLinks: true });
  letters.push({
    subject: mail.subject ?? '',
    messageId: mail.messageId,
    date: Math.floor(mail.date.getTime() / 1000),
    from: parties(mail.from),
    to: parties(mail.to),
    cc: parties(mail.cc),
    replyTo: parties(mail.replyTo),
    text: mail.text ?? null,
    html: mail.html || null,
    files: mail.attachments.map((file) => [file.filename, file.headers.get('content-type').value, createHash('sha256').update(file.content).digest('hex'), file.cid ?? '']),
    defects: [],
  });
}
console.log(JSON.stringify(letters));
