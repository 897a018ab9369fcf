// What is reached through the debug port.
import { DurableObject, RpcTarget, WorkerEntrypoint } from 'cloudflare:workers';

let disposed = 0;

class Counter extends RpcTarget {
  #count = 0;
  inc(by = 1) {
    return (this.#count += by);
  }
  get value() {
    return this.#count;
  }
  [Symbol.dispose]() {
    ++disposed;
  }
}

export class Named extends WorkerEntrypoint {
  add(a, b) {
    return a + b;
  }
  props() {
    return this.ctx.props;
  }
  counter() {
    return new Counter();
  }
  disposed() {
    return disposed;
  }
  callback(f) {
    return f(5);
  }
  fail() {
    throw new RangeError('bad range');
  }
  echo(value) {
    return value;
  }
  object() {
    return { a: 1, double: (x) => x * 2 };
  }
  describe(request) {
    return `${request.method} ${request.url}`;
  }
  async length(stream) {
    let length = 0;
    for await (const chunk of stream) length += chunk.length;
    return length;
  }
  async write(stream) {
    const writer = stream.getWriter();
    await writer.write(new TextEncoder().encode('written'));
    await writer.close();
  }
  waitForAbort(stream) {
    return stream.getReader().read().then(() => 'read', () => 'aborted');
  }
  fetch() {
    return Response.json(this.ctx.props);
  }
}

export class Stored extends DurableObject {
  #count = 0;
  bump() {
    return ++this.#count;
  }
  identity() {
    return [this.ctx.id.toString(), this.ctx.id.name ?? null];
  }
  fetch() {
    return new Response(`fetched ${++this.#count}`);
  }
}

export class Ephemeral extends DurableObject {
  identity() {
    return this.ctx.id;
  }
}

function echoSocket() {
  const [client, server] = Object.values(new WebSocketPair());
  server.binaryType = 'arraybuffer';
  server.accept();
  server.addEventListener('message', ({ data }) => (data === 'bye' ? server.close(4001, 'bye') : server.send(data)));
  return new Response(null, { status: 101, webSocket: client });
}

export default {
  async fetch(request) {
    switch (new URL(request.url).pathname) {
      case '/ws': return echoSocket();
      case '/echo': return new Response(request.body);
      case '/cf': return Response.json([request.cf ?? null, [...request.headers]]);
      case '/throw': throw new TypeError('thrown');
      case '/big': return new Response('x'.repeat(1_000_000));
      case '/status': return new Response(null, { status: 204, statusText: 'Nothing', headers: [['set-cookie', 'a=1'], ['set-cookie', 'b=2']] });
      case '/never': return new Promise(() => setTimeout(() => {}, 1_000_000));
      default: return new Response(`${request.method} ${request.url} ${await request.text()}`);
    }
  },
  async connect(socket) {
    await socket.readable.pipeTo(socket.writable);
  },
};
