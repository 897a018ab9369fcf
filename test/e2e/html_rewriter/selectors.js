import {equal, throws} from '../assert.js';

/** The ids of what a selector selects. */
async function select(selector, html) {
  const ids = [];
  await new HTMLRewriter().on(selector, {element(e) { ids.push(e.getAttribute('id')); }})
      .transform(new Response(html)).text();
  return ids.join('');
}

export const selectorsSelect = {
  async test() {
    const list = '<ul id=u><li id=1><li id=2></li><li id=3></ul><p id=p><li id=4></p>';
    const attributes = '<a id=1 class=" x  y\tz" lang=en-US><a id=2 lang=en TYPE=TEXT Data-X=Y>' +
        '<a id=3 lang=english class="">';
    const nested = '<i id=1></i><b id=2></b><i id=3></i><i id=4></i><p id=5><i id=6></i></p>';
    for (const [selector, html, ids] of [
      ['*', list, 'u123p4'], ['li', list, '1234'], ['LI', list, '1234'], ['ul li', list, '123'],
      ['ul > li', list, '1'], ['ul > li > li', list, '23'], ['p, ul', list, 'up'], ['#u', list, 'u'],
      ['.x', attributes, '1'], ['.z.y', attributes, '1'], ['.X', attributes, ''],
      ['[class]', attributes, '13'], ['[class~=y]', attributes, '1'],
      ['[class^=" x"]', attributes, '1'], ['[class*=y]', attributes, '1'],
      ['[class*=""]', attributes, ''], ['[lang|=en]', attributes, '12'],
      ['[lang$=ish]', attributes, '3'], ['[type=text]', attributes, '2'],
      ['[data-x=y]', attributes, ''], ['[data-x=y i]', attributes, '2'],
      ['[DATA-X="Y"]', attributes, '2'], ['a:not([class])', attributes, '2'],
      ['a:not(.x, [data-x])', attributes, '3'],
      ['i:first-child', nested, '16'], ['i:first-of-type', nested, '16'],
      ['i:nth-child(odd)', nested, '136'], ['i:nth-child(2n)', nested, '4'],
      ['i:nth-child(3)', nested, '3'], ['i:nth-of-type(-n+2)', nested, '136'],
      ['a\\:b', '<a:b id=1>', '1'],
    ]) {
      equal(await select(selector, html), ids, selector);
    }
  },
};

export const whatCannotBeDecidedInPassingIsRefused = {
  test() {
    for (const [selector, message] of [
      ['', 'The selector is empty.'], ['5', 'The selector is empty.'],
      ['> a', 'The selector is empty.'], ['a,', 'The selector is empty.'],
      ['a >', 'Dangling combinator in selector.'],
      ['a + b', 'Unsupported combinator `+` in selector.'],
      ['a ~ b', 'Unsupported combinator `~` in selector.'],
      ['a:hover', 'Unsupported pseudo-class or pseudo-element in selector.'],
      ['a::before', 'Unsupported pseudo-class or pseudo-element in selector.'],
      ['a:last-child', 'Unsupported pseudo-class or pseudo-element in selector.'],
      ['a:not(a b)', 'Unsupported pseudo-class or pseudo-element in selector.'],
      ['a|b', 'Selectors with explicit namespaces are not supported.'],
      ['[a!=b]', 'Unexpected token in the attribute selector.'],
      ['a:nth-child(x)', 'Unexpected token in selector.'],
    ]) {
      throws(() => new HTMLRewriter().on(selector, {}),
          {name: 'TypeError', message: `Parser error: ${message}`}, selector);
    }
  },
};

export const handlersAreChecked = {
  test() {
    const rewriter = new HTMLRewriter();
    equal(rewriter.on('a', {}), rewriter);
    equal(rewriter.onDocument({}), rewriter);
    for (const [call, message] of [
      [() => rewriter.on('a'), "Failed to execute 'on' on 'HTMLRewriter': parameter 2 is not of " +
          "type 'ElementContentHandlers'."],
      [() => rewriter.on('a', {element: 5}), "Incorrect type for the 'element' field on " +
          "'ElementContentHandlers': the provided value is not of type 'function'."],
      [() => rewriter.onDocument({end: null}), "Incorrect type for the 'end' field on " +
          "'DocumentContentHandlers': the provided value is not of type 'function'."],
    ]) throws(call, {name: 'TypeError', message});
  },
};
