// node:stream/consumers: a stream's whole content.
//
// See https://nodejs.org/api/webstreams.html#utility-consumers
'use strict';

const {JSONParse} = primordials;
const {Buffer} = require('buffer');

async function collect(stream) {
  const chunks = [];
  for await (const chunk of stream) {
    chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  }
  return chunks;
}

async function buffer(stream) {
  const chunks = await collect(stream);
  for (let i = 0; i < chunks.length; ++i) {
    const chunk = chunks[i];
    if (!ArrayBuffer.isView(chunk)) chunks[i] = Buffer.from(chunk);
    else chunks[i] = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
  return Buffer.concat(chunks);
}

async function arrayBuffer(stream) {
  const whole = await buffer(stream);
  return whole.buffer.slice(whole.byteOffset, whole.byteOffset + whole.byteLength);
}

async function blob(stream) {
  return new globalThis.Blob(await collect(stream));
}

async function text(stream) {
  const decoder = new TextDecoder();
  let result = '';
  for await (const chunk of stream) {
    result += typeof chunk === 'string' ? chunk : decoder.decode(chunk, {stream: true});
  }
  return result + decoder.decode();
}

async function json(stream) {
  return JSONParse(await text(stream));
}

module.exports = {arrayBuffer, blob, buffer, json, text};
