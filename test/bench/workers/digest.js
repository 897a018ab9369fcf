// SHA-256 of a megabyte.
const bytes = new Uint8Array(1024 * 1024);

export default {
  async fetch() {
    const digest = await crypto.subtle.digest('SHA-256', bytes);
    return new Response(String(new Uint8Array(digest)[0]));
  },
};
