import { connect } from 'cloudflare:sockets';
import { equal, ok, same, throws } from '../assert.js';

const refuse = (address, options, message) =>
  throws(() => connect(address, options), { type: TypeError, message });

export const addressesAreChecked = {
  test() {
    throws(() => connect(), { type: TypeError });
    for (const address of ['x', '127.0.0.1', '127.0.0.1:', 'http://127.0.0.1:80']) {
      refuse(address, {}, 'Specified address is missing port.');
    }
    for (const address of ['127.0.0.1:x', '127.0.0.1:70000', ':80']) {
      refuse(address, {}, 'Specified address could not be parsed.');
    }
    const unsupported = 'Specified address is empty string, contains unsupported characters or is too long.';
    refuse('127.0.0.1:80/path', {}, unsupported);
    refuse({ hostname: 'a b', port: 1 }, {}, unsupported);
    refuse({ hostname: 'x' }, {}, 'The value cannot be converted because it is not an integer.');
    refuse({ hostname: 'x', port: 70000 }, {}, 'Value out of range. Must be less than or equal to 65535.');
    refuse({ hostname: 'x', port: -1 }, {},
      'The value cannot be converted because it is negative and this API expects a positive number.');
  },
};

export const optionsAreChecked = {
  test() {
    refuse('127.0.0.1:1', 1, "Failed to execute 'connect' on 'SocketsModule': parameter 2 is not of type 'SocketOptions'.");
    refuse('127.0.0.1:1', { secureTransport: 'x' }, 'Unsupported value in secureTransport socket option: x');
  },
};

export const aSocketTellsWhatItIs = {
  test() {
    for (const secureTransport of ['off', 'on', 'starttls']) {
      const socket = connect({ hostname: '127.0.0.1', port: 1 }, { secureTransport });
      equal(Object.prototype.toString.call(socket), '[object Socket]');
      same([socket.secureTransport, socket.upgraded], [secureTransport, false]);
      ok(socket.readable instanceof ReadableStream && socket.readable === socket.readable);
      ok(socket.writable instanceof WritableStream && socket.writable === socket.writable);
      for (const promise of [socket.opened, socket.closed]) {
        ok(promise instanceof Promise);
        promise.catch(() => {});
      }
    }
  },
};

export const tlsIsStartedOnlyWhereItWasAskedFor = {
  test() {
    const make = (secureTransport) => {
      const socket = connect('127.0.0.1:1', { secureTransport });
      for (const promise of [socket.opened, socket.closed]) promise.catch(() => {});
      return socket;
    };
    throws(() => make('off').startTls(), {
      type: TypeError,
      message: "The `secureTransport` socket option must be set to 'starttls' for startTls to be used.",
    });
    throws(() => make('on').startTls(), { type: TypeError, message: 'Cannot startTls on a TLS socket.' });
  },
};
