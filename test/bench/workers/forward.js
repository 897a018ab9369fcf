export default {
  fetch(request, env) {
    return env.NEXT.fetch(request);
  },
};
