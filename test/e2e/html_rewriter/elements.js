import {equal, ok, rejects, same, throws} from '../assert.js';

const rewrite = (html, add) => {
  const rewriter = new HTMLRewriter();
  add(rewriter);
  return rewriter.transform(new Response(html)).text();
};
const onElement = (html, selector, element) => rewrite(html, (r) => r.on(selector, {element}));

export const elementsShowTheirTag = {
  async test() {
    let seen;
    await onElement('<A HREF="x&amp;y" b c=\'d\' Foo=Bar>t</A>', 'a', (e) => {
      seen = [e.tagName, e.namespaceURI, e.removed, e.getAttribute('HREF'), e.getAttribute('none'),
        e.hasAttribute('foo'), [...e.attributes]];
    });
    same(seen, ['a', 'http://www.w3.org/1999/xhtml', false, 'x&amp;y', null, true,
      [['href', 'x&amp;y'], ['b', ''], ['c', 'd'], ['foo', 'Bar']]]);
  },
};

export const attributesChangeAndTheOthersStayAsWritten = {
  async test() {
    equal(await onElement('<A HREF="x&amp;y" b c=\'d\' Foo=Bar>t</A>', 'a', (e) => {
      e.setAttribute('q', '"<&>').removeAttribute('b').tagName = 'DIV';
    }), '<DIV HREF="x&amp;y" c=\'d\' Foo=Bar q="&quot;<&>">t</DIV>');
    equal(await onElement('<a href=x>t</a>', 'a', (e) => e.setAttribute('HREF', 'y')),
        '<a href="y">t</a>');
    equal(await onElement('<a   HREF=x  b = "c" />t</a>', 'a', (e) => e.removeAttribute('no')),
        '<a   HREF=x  b = "c" />t</a>');
  },
};

export const contentIsPutAroundAndInside = {
  async test() {
    equal(await onElement('<a>t</a>', 'a', (e) => {
      e.before('<b1>').before('<b2>', {html: true}).after('<a1>').after('a2');
      e.prepend('p1').prepend('p2').append('x1').append('x2');
    }), '&lt;b1&gt;<b2><a>p2p1tx1x2</a>a2&lt;a1&gt;');
    equal(await onElement('<a>t<b>q</b></a>z', 'a',
        (e) => e.setInnerContent('<i>', {html: true}).append('A').prepend('P')),
    '<a>P<i>A</a>z');
    equal(await onElement('<a>t</a>', 'a', (e) => e.append(5).append(null)), '<a>t5null</a>');
  },
};

export const elementsAreReplacedAndRemoved = {
  async test() {
    const html = '<a>t<b>q</b></a>z';
    const all = (e) => e.before('B').after('F').append('A').prepend('P');
    equal(await onElement(html, 'a', (e) => e.before('B').after('F').replace('<i>')),
        'B&lt;i&gt;Fz');
    equal(await onElement(html, 'a', (e) => e.replace('1').replace('2')), '2z');
    equal(await onElement(html, 'a', (e) => all(e).remove()), 'BFz');
    equal(await onElement(html, 'a', (e) => all(e).removeAndKeepContent()), 'BPt<b>q</b>AFz');
  },
};

export const voidElementsHaveNoContent = {
  async test() {
    equal(await onElement('<br>z', 'br',
        (e) => e.before('B').after('F').append('A').prepend('P').setInnerContent('I')), 'B<br>Fz');
    await rejects(onElement('<br>', 'br', (e) => e.onEndTag(() => {})),
        {name: 'TypeError', message: 'Parser error: No end tag.'});
    equal(await onElement('<svg><a/></svg><a/>', 'a', (e) => e.append('A').after('F')),
        '<svg><a/>F</svg><a/>');
  },
};

export const endTagsAreHandled = {
  async test() {
    let name;
    equal(await onElement('<a>t</A >', 'a', (e) => e.onEndTag((tag) => {
      name = tag.name;
      tag.before('<b>').after('<c>', {html: true}).name = 'X';
    })), '<a>t&lt;b&gt;</X><c>');
    equal(name, 'a');
    equal(await onElement('<a>t</a>z', 'a', (e) => e.onEndTag((tag) => tag.remove())), '<a>tz');
    equal(await onElement('<a>t</a>', 'a', (e) => {
      e.append('A').after('F').onEndTag(async (tag) => {
        await undefined;
        tag.before('B').after('G');
      });
    }), '<a>tAB</a>GF');
  },
};

export const whatEndsWithoutEndTagSharesTheOuterOne = {
  async test() {
    const mark = (html, ...names) => rewrite(html, (r) => names.forEach((name) =>
      r.on(name, {element(e) { e.append(`[${name}+]`).after(`[${name}>]`); }})));
    equal(await mark('<div><a>x<b>y</div>z', 'a', 'b'), '<div><a>x<b>y[a+]</div>[a>]z'
        .replace('>]', '&gt;]'));
    equal(await mark('<p>x<p>y<p>z', 'p'), '<p>x<p>y<p>z');
    equal(await mark('<a>x</b></a>', 'b'), '<a>x</b></a>');
    equal(await onElement('<div><a>x</div>y', 'a', (e) => e.remove()), '<div>y');
  },
};

export const handlersRunInOrderAndAreWaitedFor = {
  async test() {
    const calls = [];
    const html = await rewrite('<a>x</a>', (r) => {
      r.on('a', {async element(e) {
        await new Response('x').text();
        calls.push(1);
        e.before('1').after('1').prepend('1').append('1');
      }}).on('*', {element(e) {
        calls.push(2);
        e.before('2').after('2').prepend('2').append('2');
      }});
    });
    same(calls, [1, 2]);
    equal(html, '12<a>21x12</a>21');
  },
};

export const handlersKeepTheirObject = {
  async test() {
    class Counter {
      count = 0;
      element(e) {
        e.setAttribute('n', String(++this.count));
      }
    }
    equal(await rewrite('<a><a>', (r) => r.on('a', new Counter())), '<a n="1"><a n="2">');
  },
};

export const whatHandlersThrowFailsTheBody = {
  async test() {
    await rejects(onElement('<a>t</a>', 'a', () => { throw new RangeError('no'); }),
        {name: 'RangeError', message: 'no'});
    await rejects(onElement('<a>t</a>', 'a', async () => { throw new RangeError('late'); }),
        {name: 'RangeError', message: 'late'});
  },
};

export const tokensEndWithTheirHandlers = {
  async test() {
    let kept;
    let attributes;
    await onElement('<a x=1>t</a>', 'a', (e) => {
      kept = e;
      attributes = e.attributes;
    });
    const spent = {
      name: 'TypeError',
      message: 'This content token is no longer valid. Content tokens are only valid during the ' +
          'execution of the relevant content handler.',
    };
    throws(() => kept.tagName, spent);
    throws(() => kept.setAttribute('a', 'b'), spent);
    throws(() => attributes.next(), spent);
    await rejects(onElement('<a x=1 y=2>', 'a', (e) => {
      for (const [name] of e.attributes) e.removeAttribute(name);
    }), {
      name: 'Error',
      message: 'The attributes of this element have been modified during iteration. You must ' +
          'create a new iterator after modifying attributes.',
    });
  },
};

export const badNamesAreRefused = {
  async test() {
    for (const [change, message] of [
      [(e) => { e.tagName = ''; }, "Tag name can't be empty."],
      [(e) => { e.tagName = 'a b'; }, '` ` character is forbidden in the tag name'],
      [(e) => { e.tagName = '1'; },
        'The first character of the tag name should be an ASCII alphabetical character.'],
      [(e) => e.setAttribute('', 'x'), "Attribute name can't be empty."],
      [(e) => e.setAttribute('a=', 'x'), '`=` character is forbidden in the attribute name'],
    ]) {
      await rejects(onElement('<a>t</a>', 'a', change),
          {name: 'TypeError', message: `Parser error: ${message}`});
    }
  },
};

export const whatIsInsideTheRemovedIsSeenButNotWritten = {
  async test() {
    const seen = [];
    equal(await rewrite('<a>1<b>2</b></a>3', (r) => {
      r.on('a', {element(e) { e.setInnerContent('I'); }});
      r.on('b', {element(e) {
        seen.push(e.removed);
        e.before('x').onEndTag(() => seen.push('end'));
      }});
    }), '<a>I</a>3');
    same(seen, [true, 'end']);
  },
};

export const streamsAndResponsesAreContent = {
  async test() {
    equal(await onElement('<a>t</a>', 'a', (e) => {
      e.append(new Response('S<x>').body);
      e.before(new Response('S<x>'), {html: true});
      e.after(new Response('S<x>').body, {html: false});
      e.prepend(new Response(null));
    }), 'S<x><a>tS&lt;x&gt;</a>S&lt;x&gt;');
    await rejects(onElement('<a>t</a>', 'a', (e) => e.append(new ReadableStream({
      pull(controller) { controller.error(new RangeError('source')); },
    }))), {name: 'RangeError', message: 'source'});
  },
};

export const foreignElementsFollowTheirRules = {
  async test() {
    const seen = [];
    await rewrite('<svg><title><b>x</b></title><style><b>q</b></style></svg><style><b></style><i>',
        (r) => r.on('*', {element(e) { seen.push(e.tagName); }}));
    equal(seen.join(), 'svg,title,b,style,b,style,i');
    let text = '';
    await rewrite('<svg><![CDATA[<a>]]></svg>', (r) => r.on('svg', {
      text(t) { text += t.text; },
      element(e) { ok(e.namespaceURI.endsWith('svg')); },
    }));
    equal(text, '<a>');
  },
};
