import { PublicClientApplication } from '@azure/msal-node';
import { failed, lab, say, smtpScope } from './lab.mjs';

try {
  const app = new PublicClientApplication({ auth: { clientId: lab.clientId, authority: lab.authority, knownAuthorities: [lab.host] } });
  const answer = await app.acquireTokenByDeviceCode({
    scopes: [smtpScope],
    deviceCodeCallback: (device) => say({ page: device.verificationUri, code: device.userCode }),
  });
  say({ username: answer.account.username });
} catch (error) { failed(error); }
process.exit();
