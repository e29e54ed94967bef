import nodemailer from 'nodemailer';
import { lab } from './lab.mjs';

export const transport = (auth) => nodemailer.createTransport({
  host: 'localhost', port: lab.smtpPort, secure: false, requireTLS: true, auth: { type: 'OAuth2', user: lab.mailbox, ...auth },
});
export const letter = { from: lab.mailbox, to: lab.customer, subject: 'From nodemailer', text: 'Hello' };
