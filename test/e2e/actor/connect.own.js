// actors: Echo
// On the reference this does not end: connections to objects are ours to define.
import { DurableObject } from 'cloudflare:workers';
import { equal } from '../assert.js';

export class Echo extends DurableObject {
  async connect(socket) {
    await socket.readable.pipeTo(socket.writable);
  }
}

export const aConnectionIsTheObjects = {
  async test(_, env) {
    const socket = env.Echo.getByName('x').connect('anything:1');
    const writer = socket.writable.getWriter();
    await writer.write(new TextEncoder().encode('to an object'));
    await writer.close();
    equal(await new Response(socket.readable).text(), 'to an object');
  },
};
