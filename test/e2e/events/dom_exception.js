import {equal, ok, same, throws} from '../assert.js';

export const itIsAnErrorWithNameAndCode = {
  test() {
    const exception = new DOMException('gone', 'AbortError');
    same([exception.name, exception.message, exception.code], ['AbortError', 'gone', 20]);
    ok(exception instanceof DOMException && exception instanceof Error);
    equal(String(exception), 'AbortError: gone');
    ok(exception.stack.startsWith('AbortError: gone\n'));
    equal(Object.prototype.toString.call(exception), '[object DOMException]');
    const plain = new DOMException();
    same([plain.name, plain.message, plain.code], ['Error', '', 0]);
    equal(new DOMException('x', 'NoSuchName').code, 0);
  },
};

export const constantsAreOnBoth = {
  test() {
    equal(DOMException.DATA_CLONE_ERR, 25);
    equal(DOMException.prototype.INDEX_SIZE_ERR, 1);
    equal(new DOMException('', 'QuotaExceededError').code, DOMException.QUOTA_EXCEEDED_ERR);
  },
};

export const itIsAConstructor = {
  test() {
    throws(() => DOMException('x'), {name: 'TypeError'});
    class Mine extends DOMException {}
    ok(new Mine('a', 'SyntaxError') instanceof Mine);
    equal(new Mine('a', 'SyntaxError').code, 12);
  },
};
