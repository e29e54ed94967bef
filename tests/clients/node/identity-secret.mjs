import { ClientSecretCredential } from '@azure/identity';
import { appScope, failed, lab, say } from './lab.mjs';

try {
  const credential = new ClientSecretCredential(lab.directory, lab.clientId, lab.secret,
    { authorityHost: lab.https, disableInstanceDiscovery: true });
  say({ token: (await credential.getToken(appScope)).token });
} catch (error) { failed(error); }
process.exit();
