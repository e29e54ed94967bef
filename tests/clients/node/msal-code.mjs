import { ConfidentialClientApplication, CryptoProvider } from '@azure/msal-node';
import { failed, hear, lab, msal, say, smtpScope } from './lab.mjs';

try {
  const app = new ConfidentialClientApplication(msal);
  const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
  const request = { scopes: [smtpScope], redirectUri: lab.callback, nonce: 'n-node', state: 's-node' };
  say({ authorize: await app.getAuthCodeUrl({ ...request, codeChallenge: challenge, codeChallengeMethod: 'S256' }) });
  const first = await app.acquireTokenByCode({ ...request, code: await hear(), codeVerifier: verifier });
  const silent = { account: first.account, scopes: [smtpScope], forceRefresh: true };
  const renewed = await app.acquireTokenSilent(silent);
  say({ username: first.account.username, tenant: first.tenantId, first: first.accessToken, renewed: renewed.accessToken });
  await hear();
  await app.acquireTokenSilent(silent);
  say({ error: 'it was renewed' });
} catch (error) { failed(error); }
process.exit();
