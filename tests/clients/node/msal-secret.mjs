import { ConfidentialClientApplication } from '@azure/msal-node';
import { appScope, failed, msal, say } from './lab.mjs';

try {
  const answer = await new ConfidentialClientApplication(msal).acquireTokenByClientCredential({ scopes: [appScope] });
  say({ token: answer.accessToken });
} catch (error) { failed(error); }
process.exit();
