export default {
  fetch(request) {
    return Response.json({ url: request.url, method: request.method, ok: true, count: 3 });
  },
};
