// A page of 100 kB with a thousand links, each of them rewritten.
const page = `<!DOCTYPE html><html><body>${
  '<p class="x">Some text around a <a href="https://example.com/page">link</a> here.</p>'.repeat(1000)
}</body></html>`;

export default {
  fetch() {
    return new HTMLRewriter()
      .on('a[href]', {
        element(link) {
          link.setAttribute('href', link.getAttribute('href').replace('https:', 'http:'));
        },
      })
      .transform(new Response(page));
  },
};
