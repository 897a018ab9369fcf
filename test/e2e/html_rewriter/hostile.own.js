// The reference's rewriter is native; ours has to be out of reach of what a worker patches.
import {equal} from '../assert.js';

export const patchedBuiltInsAreNotUsed = {
  async test() {
    const restore = [];
    let calls = 0;
    const patch = (object, name) => {
      const property = Object.getOwnPropertyDescriptor(object, name);
      restore[restore.length] = () => Object.defineProperty(object, name, property);
      Object.defineProperty(object, name, {...property, value: () => { ++calls; }});
    };
    const setter = (object, name) => {
      restore[restore.length] = () => { delete object[name]; };
      Object.defineProperty(object, name, {set() { ++calls; }, configurable: true});
    };
    const rewriter = new HTMLRewriter()
        .on('p:nth-child(2n+1) > a[href], b', {
          element(e) { e.setAttribute('x', 'ü').append('A').before('B').after('F'); },
          text(t) { t.before('T'); },
          comments(c) { c.text = 'n'; },
        })
        .onDocument({doctype() {}, end(e) { e.append('E'); }});
    const response = new Response(
        '<!doctype html><p><a href="y">é</a></p><svg><b/></svg><b>x<!--c--></b>');
    for (const name of ['slice', 'indexOf', 'charCodeAt', 'toLowerCase', 'startsWith']) {
      patch(String.prototype, name);
    }
    patch(RegExp.prototype, 'exec');
    patch(Map.prototype, 'get');
    patch(Array.prototype, 'push');
    patch(TextDecoder.prototype, 'decode');
    for (const name of ['0', '1', 'changes', 'kind']) setter(Object.prototype, name);
    patch(Array.prototype, Symbol.iterator);
    let text;
    try {
      text = await rewriter.transform(response).text();
    } finally {
      for (let i = 0; i < restore.length; ++i) restore[i]();
    }
    equal(calls, 0);
    equal(text, '<!doctype html><p>B<a href="y" x="ü">TéTA</a>F</p><svg>B<b x="ü" />A</svg>F' +
        'B<b x="ü">TxT<!--n-->A</b>FE');
  },
};
