import {equal, rejects, same, throws} from '../assert.js';

const rewrite = (html, add) => {
  const rewriter = new HTMLRewriter();
  add(rewriter);
  return rewriter.transform(new Response(html)).text();
};

export const textComesInPiecesAndItsEndIsTold = {
  async test() {
    const seen = [];
    const html = '<a>t&amp;x<b>q</b>z</a>w';
    equal(await rewrite(html, (r) => r.on('a', {
      text(t) { seen.push([t.text, t.lastInTextNode, t.removed]); },
    })), html);
    same(seen, [['t&amp;x', false, false], ['', true, false], ['q', false, false],
      ['', true, false], ['z', false, false], ['', true, false]]);
  },
};

export const textIsChanged = {
  async test() {
    equal(await rewrite('<a>hello</a>w', (r) => r.on('a', {
      text(t) {
        if (t.lastInTextNode) t.before('END');
        else t.before('<').after('>').replace('<x>', {html: true});
      },
    })), '<a>&lt;<x>&gt;END</a>w');
    equal(await rewrite('<a>hello</a>', (r) => r.on('a', {text(t) { t.remove(); }})), '<a></a>');
    equal(await rewrite('<a>x</a>', (r) => r.on('a', {
      text(t) { if (t.text) t.before(new Response('<B>')).after(new Response('A').body); },
    })), '<a>&lt;B&gt;xA</a>');
  },
};

export const charactersAreNotSplit = {
  async test() {
    const bytes = new TextEncoder().encode('<b>€😀</b>');
    const {readable, writable} = new TransformStream();
    const writer = writable.getWriter();
    const written = (async () => {
      for (const byte of bytes) await writer.write(Uint8Array.of(byte));
      await writer.close();
    })();
    let text = '';
    const rewriter = new HTMLRewriter().on('b', {text(t) { text += t.text; }});
    equal(await rewriter.transform(new Response(readable)).text(), '<b>€😀</b>');
    await written;
    equal(text, '€😀');
  },
};

export const commentsAreChanged = {
  async test() {
    let seen;
    equal(await rewrite('<a><!-- hello --></a>w<!--z-->', (r) => r.on('a', {
      comments(c) {
        seen = [c.text, c.removed];
        c.before('<').after('>').text = 'new';
      },
    })), '<a>&lt;<!--new-->&gt;</a>w<!--z-->');
    same(seen, [' hello ', false]);
    equal(await rewrite('<a><!--x--></a><!--z-->', (r) => r
        .on('a', {comments(c) { c.remove(); }})
        .onDocument({comments(c) { c.text += '!'; }})), '<a></a><!--z!-->');
    equal(await rewrite('<?x?><!y></ z>', (r) => r.onDocument({comments(c) { c.text = 'n'; }})),
        '<!--n--><!--n--><!--n-->');
    for (const text of ['-->', '--!>', '->', '>']) {
      await rejects(rewrite('<!--x-->', (r) => r.onDocument({comments(c) { c.text = text; }})), {
        name: 'TypeError',
        message: "Parser error: Comment text shouldn't contain a comment-closing sequence.",
      });
    }
    await rejects(rewrite('<!--x-->', (r) => r.onDocument({
      comments(c) { c.replace(new Response('x')); },
    })), {
      name: 'TypeError',
      message: 'Replacing content in HTML comments using a ReadableStream or Response object is ' +
          'not implemented. You must provide a string.',
    });
  },
};

export const commentsEndWhereTheStandardEndsThem = {
  async test() {
    const seen = [];
    await rewrite('<!--a--><!----><!-->x--><!--->y<!-- a --!>z<!-', (r) => r.onDocument({
      comments(c) { seen.push(c.text); },
    }));
    same(seen, ['a', '', '', '', ' a ', '-']);
  },
};

export const doctypesTellTheirParts = {
  async test() {
    const seen = [];
    await rewrite('<!DOCTYPE HTML PUBLIC "x" \'y\'><!doctype><!DOCTYPE foo SYSTEM "q">',
        (r) => r.onDocument({doctype(d) { seen.push([d.name, d.publicId, d.systemId]); }}));
    same(seen, [['html', 'x', 'y'], [null, null, null], ['foo', null, 'q']]);
  },
};

export const theEndOfTheDocumentIsAppendedTo = {
  async test() {
    equal(await rewrite('x', (r) => r
        .onDocument({end(e) { e.append('<1>').append('<2>', {html: true}); }})
        .onDocument({async end(e) { e.append('3'); }})), 'x3&lt;1&gt;<2>');
  },
};

export const rawTextHoldsNoElements = {
  async test() {
    const html = '<script>1<!--<script>2</script>3--></script><style><b></style>' +
        '<textarea><b></textarea><title><b></title><noscript><b></noscript><xmp><b></xmp><b>';
    equal(await rewrite(html, (r) => r.on('b', {element(e) { e.setAttribute('x', '1'); }})),
        html.slice(0, -3) + '<b x="1">');
  },
};

export const documentsMayEndAnywhere = {
  async test() {
    let calls = 0;
    const count = {element() { ++calls; }, comments() { ++calls; }};
    for (const html of ['<a>x</a><b', '<b x="', '</', '<', '<b/', '<!doct', '<!--']) {
      equal(await rewrite(html, (r) => r.on('b', count)), html);
    }
    equal(calls, 0);
  },
};

export const responsesKeepTheirHead = {
  async test() {
    const given = new Response('<a></a>', {status: 404, statusText: 'Foo', headers: {a: 'b'}});
    const made = new HTMLRewriter().on('a', {}).transform(given);
    equal(made.status, 404);
    equal(made.statusText, 'Foo');
    equal(made.headers.get('a'), 'b');
    equal(given.body.locked, true);
    equal(await made.text(), '<a></a>');
    const empty = new Response(null);
    equal(new HTMLRewriter().transform(empty), empty);
    const locked =
        {name: 'TypeError', message: 'The ReadableStream has been locked to a reader.'};
    throws(() => new HTMLRewriter().transform(given), locked);
    throws(() => new HTMLRewriter().transform('x'), {
      name: 'TypeError',
      message: "Failed to execute 'transform' on 'HTMLRewriter': parameter 1 is not of type " +
          "'Response'.",
    });
  },
};

export const aRewriterServesManyDocuments = {
  async test() {
    const rewriter = new HTMLRewriter().on('a', {element(e) { e.append('!'); }});
    const both = await Promise.all([1, 2].map((n) =>
      rewriter.transform(new Response(`<a>${n}</a>`)).text()));
    equal(both.join(), '<a>1!</a>,<a>2!</a>');
  },
};

export const otherEncodingsAreKept = {
  async test() {
    const transform = (bytes, charset, handlers) => new HTMLRewriter().on('a', handlers)
        .transform(new Response(bytes, {headers: {'content-type': `text/html; charset=${charset}`}}));
    let text;
    const made = await transform(Uint8Array.of(0x3C, 0x61, 0x3E, 0xE9, 0x3C, 0x2F, 0x61, 0x3E),
        'iso-8859-1', {
          element(e) { e.append('é日'); },
          text(t) { text ??= t.text; },
        }).bytes();
    equal(text, 'é');
    equal(String.fromCharCode(...made), '<a>\xE9\xE9&#26085;</a>');
    const sjis = await transform(Uint8Array.of(0x3C, 0x61, 0x3E), 'shift_jis',
        {element(e) { e.after('日'); e.prepend('日'); }}).bytes();
    equal([...sjis].join(), '60,97,62,147,250');
    throws(() => transform('', 'foo', {}), {
      name: 'TypeError',
      message: 'Parser error: Unknown character encoding has been provided.',
    });
    throws(() => transform('', 'utf-16', {}),
        {name: 'TypeError', message: 'Parser error: Expected ASCII-compatible encoding.'});
  },
};

export const cancellingReachesTheSource = {
  async test() {
    let tell;
    const told = new Promise((resolve) => { tell = resolve; });
    const source = new ReadableStream({
      pull(controller) { controller.enqueue(new TextEncoder().encode('<a>')); },
      cancel(reason) { tell(String(reason)); },
    });
    const body = new HTMLRewriter().on('a', {element() {}}).transform(new Response(source)).body;
    const reader = body.getReader();
    await reader.read();
    await reader.cancel('enough');
    equal((await told).replace('Error: ', ''), 'enough');
  },
};
