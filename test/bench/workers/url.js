// Five URLs parsed and looked at, twenty times.
const kUrls = [
  'https://example.com/',
  'https://user:secret@example.com:8443/a/b/../c?d=e&f=g#h',
  'http://[2001:db8::1]:8080/path%20with%20spaces?q=%E2%82%AC',
  'https://bücher.example/%C3%A4?x=1',
  '/relative/path?query=1#fragment',
];

export default {
  fetch() {
    let length = 0;
    for (let i = 0; i < 20; ++i) {
      for (const each of kUrls) {
        const url = new URL(each, 'https://base.example/');
        length += url.pathname.length + (url.searchParams.get('d')?.length ?? 0);
      }
    }
    return new Response(String(length));
  },
};
