// What every script needs: the lab's addresses, one JSON document per line out, one line in.
import { createInterface } from 'node:readline';

const at = process.env;
export const lab = {
  directory: at.LAB_DIRECTORY, https: at.LAB_HTTPS, host: at.LAB_HOST, smtpPort: Number(at.LAB_SMTP_PORT),
  clientId: at.LAB_CLIENT_ID, secret: at.LAB_CLIENT_SECRET, callback: at.LAB_CALLBACK,
  mailbox: at.LAB_MAILBOX, customer: at.LAB_CUSTOMER, token: at.LAB_TOKEN,
  authority: `${at.LAB_HTTPS}/${at.LAB_DIRECTORY}`,
};
export const appScope = 'https://outlook.office365.com/.default';
export const smtpScope = 'https://outlook.office.com/SMTP.Send';

/** knownAuthorities: the lab is no cloud that MSAL knows. */
export const msal = { auth: { clientId: lab.clientId, authority: lab.authority, clientSecret: lab.secret, knownAuthorities: [lab.host] } };

export const say = (said) => process.stdout.write(JSON.stringify(said) + '\n');
export const failed = (error) => say({
  name: error.name, error: String(error.message), code: error.code, responseCode: error.responseCode, response: error.response,
});

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
export const hear = async () => (await lines.next()).value;
