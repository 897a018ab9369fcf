// node:dgram: a worker has no datagrams. Sockets can be made; what they would do throws.
'use strict';

const EventEmitter = require('events');
const {codes: {ERR_INVALID_ARG_TYPE}} = require('internal/errors');
const {stub} = require('ocapd/stubs');

function Socket(type, listener) {
  EventEmitter.call(this);
  this.type = typeof type === 'string' ? type : type?.type;
  if (typeof listener === 'function') this.on('message', listener);
}
Object.setPrototypeOf(Socket.prototype, EventEmitter.prototype);
Object.setPrototypeOf(Socket, EventEmitter);

const kThrowing = [
  'addMembership', 'addSourceSpecificMembership', 'bind', 'connect', 'disconnect',
  'dropMembership', 'dropSourceSpecificMembership', 'getRecvBufferSize', 'getSendBufferSize',
  'getSendQueueCount', 'getSendQueueSize', 'remoteAddress', 'send', 'setBroadcast',
  'setMulticastInterface', 'setMulticastLoopback', 'setMulticastTTL', 'setRecvBufferSize',
  'setSendBufferSize', 'setTTL',
];
for (const name of kThrowing) Socket.prototype[name] = stub(name, `dgram.Socket.${name}`);
Object.assign(Socket.prototype, {
  address: () => ({}),
  close(callback) {
    if (typeof callback === 'function') this.on('close', callback);
    process.nextTick(() => this.emit('close'));
    return this;
  },
  ref() {
    return this;
  },
  unref() {
    return this;
  },
});

function createSocket(type, listener) {
  if (typeof type !== 'string' && (type === null || typeof type !== 'object')) {
    throw new ERR_INVALID_ARG_TYPE('type', 'object', type);
  }
  return new Socket(type, listener);
}

module.exports = {Socket, createSocket};
