// The refresh token comes from a plain code flow; from then on nodemailer asks for its access tokens itself.
import { failed, hear, lab, say, smtpScope } from './lab.mjs';
import { letter, transport } from './letter.mjs';

try {
  const scope = `${smtpScope} offline_access`;
  const query = new URLSearchParams({ client_id: lab.clientId, response_type: 'code', redirect_uri: lab.callback, scope });
  say({ authorize: `${lab.authority}/oauth2/v2.0/authorize?${query}` });
  const accessUrl = `${lab.authority}/oauth2/v2.0/token`;
  const answer = await fetch(accessUrl, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code', client_id: lab.clientId, client_secret: lab.secret, redirect_uri: lab.callback, code: await hear(),
    }),
  });
  const { refresh_token: refreshToken } = await answer.json();
  const mailer = transport({ clientId: lab.clientId, clientSecret: lab.secret, refreshToken, accessUrl });
  let renewed = false;
  mailer.on('token', () => { renewed = true; });
  say({ response: (await mailer.sendMail(letter)).response, renewed });
} catch (error) { failed(error); }
process.exit();
