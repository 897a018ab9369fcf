// The standard checks these members; workerd does not.
import { rejects } from '../assert.js';

export const useAndOperationsMustFit = {
  async test() {
    for (const change of [{ use: 'enc' }, { key_ops: ['verify'] }, { key_ops: ['sign', 'sign'] }]) {
      await rejects(
        crypto.subtle.importKey(
          'jwk',
          { kty: 'oct', k: 'AAAA', ...change },
          { name: 'HMAC', hash: 'SHA-256' },
          true,
          ['sign'],
        ),
        { name: 'DataError' },
      );
    }
  },
};
