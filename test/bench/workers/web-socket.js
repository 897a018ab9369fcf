// Two hundred messages echoed through a connection between two workers.
const kMessages = 200;

export default {
  async fetch(request, env) {
    if (request.headers.get('Upgrade') === 'websocket') {
      const [client, server] = Object.values(new WebSocketPair());
      server.accept();
      server.addEventListener('message', ({ data }) => server.send(data));
      server.addEventListener('close', () => server.close());
      return new Response(null, { status: 101, webSocket: client });
    }
    const { webSocket } = await env.NEXT.fetch(request.url, { headers: { Upgrade: 'websocket' } });
    webSocket.accept();
    let left = kMessages;
    await new Promise((resolve) => {
      webSocket.addEventListener('message', ({ data }) => {
        if (--left > 0) webSocket.send(data);
        else resolve();
      });
      webSocket.send('x'.repeat(100));
    });
    webSocket.close();
    return new Response(String(left));
  },
};
