export {
  apiKeyFingerprint,
  generateApiKey,
  hashApiKeySecret,
  parseApiKey,
  verifyApiKeySecret,
  type ApiKeyParts,
} from './api-key.js';
export { CryptoModule } from './crypto.module.js';
export { scramVerifier } from './scram-verifier.js';
export { sealIdentity } from './seal-identity.js';
export { UnsealError, Sealer } from './sealer.js';
