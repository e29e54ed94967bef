import { failed, lab, say } from './lab.mjs';
import { letter, transport } from './letter.mjs';

try {
  say({ response: (await transport({ accessToken: lab.token }).sendMail(letter)).response });
} catch (error) { failed(error); }
process.exit();
