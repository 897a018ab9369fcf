import EventEmitter, {EventEmitterAsyncResource, errorMonitor, getEventListeners, on, once}
  from 'node:events';
import channels from 'node:diagnostics_channel';
import {AsyncLocalStorage} from 'node:async_hooks';
import {equal, ok, throws} from '../assert.js';

export const listenersAreCalledInOrder = {
  test() {
    const emitter = new EventEmitter();
    const seen = [];
    emitter.on('x', (a, b) => seen.push(a + b));
    emitter.prependListener('x', () => seen.push('first'));
    emitter.once('x', () => seen.push('once'));
    ok(emitter.emit('x', 1, 2));
    ok(emitter.emit('x', 3, 4));
    ok(!emitter.emit('y'));
    equal(seen.join(), 'first,3,once,first,7');
    equal(emitter.listenerCount('x'), 2);
    equal(emitter.eventNames().join(), 'x');
    emitter.removeAllListeners('x');
    equal(emitter.listenerCount('x'), 0);
  },
};

export const anErrorNobodyHearsIsThrown = {
  test() {
    const emitter = new EventEmitter();
    throws(() => emitter.emit('error', new TypeError('x')), {name: 'TypeError', message: 'x'});
    throws(() => emitter.emit('error', 5), {code: 'ERR_UNHANDLED_ERROR'});
    let monitored;
    emitter.on(errorMonitor, (error) => monitored = error.message);
    throws(() => emitter.emit('error', new Error('y')), {message: 'y'});
    equal(monitored, 'y');
  },
};

export const aListenerHasToBeAFunction = {
  test() {
    throws(() => new EventEmitter().on('x', 5), {
      name: 'TypeError',
      code: 'ERR_INVALID_ARG_TYPE',
      message: 'The "listener" argument must be of type function. Received type number (5)',
    });
  },
};

export const eventsCanBeAwaited = {
  async test() {
    const emitter = new EventEmitter();
    queueMicrotask(() => emitter.emit('x', 1, 2));
    equal((await once(emitter, 'x')).join(), '1,2');
    queueMicrotask(() => emitter.emit('error', new Error('bad')));
    const failure = await once(emitter, 'x').catch((error) => error.message);
    equal(failure, 'bad');
    const seen = [];
    queueMicrotask(() => ['a', 'b'].forEach((each) => emitter.emit('y', each)));
    for await (const [value] of on(emitter, 'y')) {
      seen.push(value);
      if (seen.length === 2) break;
    }
    equal(seen.join(), 'a,b');
    equal(emitter.listenerCount('y'), 0);
  },
};

export const eventTargetsCanBeAwaited = {
  async test() {
    const target = new EventTarget();
    queueMicrotask(() => target.dispatchEvent(new Event('x')));
    equal((await once(target, 'x'))[0].type, 'x');
    const controller = new AbortController();
    const waited = once(new EventEmitter(), 'x', {signal: controller.signal});
    controller.abort();
    equal(await waited.catch((error) => error.name), 'AbortError');
  },
};

export const rejectionsOfListenersAreCaptured = {
  async test() {
    const emitter = new EventEmitter({captureRejections: true});
    emitter.on('x', async () => {
      throw new Error('late');
    });
    emitter.emit('x');
    equal(await new Promise((resolve) => emitter.on('error', (error) => resolve(error.message))),
        'late');
  },
};

export const anEmitterKeepsItsContext = {
  test() {
    const storage = new AsyncLocalStorage();
    const emitter = storage.run('made', () => new EventEmitterAsyncResource({name: 'X'}));
    let seen;
    emitter.on('x', () => seen = storage.getStore());
    storage.run('emitted', () => emitter.emit('x'));
    equal(seen, 'made');
    equal(getEventListeners(emitter, 'x').length, 1);
  },
};

export const channelsTellTheirSubscribers = {
  test() {
    const seen = [];
    const listener = (message, name) => seen.push(`${String(name)}:${message}`);
    const channel = channels.channel('a');
    channels.subscribe('a', listener);
    channel.publish(1);
    channels.unsubscribe('a', listener);
    channel.publish(2);
    equal(seen.join(), 'a:1');
    equal(channels.channel('a'), channel);
  },
};

export const callsAreTraced = {
  async test() {
    const seen = [];
    const traced = channels.tracingChannel('t');
    traced.subscribe({
      start: () => seen.push('start'),
      end: () => seen.push('end'),
      asyncStart: () => seen.push('asyncStart'),
      asyncEnd: () => seen.push('asyncEnd'),
      error: () => seen.push('error'),
    });
    equal(traced.traceSync((x) => x + 1, {}, null, 1), 2);
    equal(await traced.tracePromise(async () => 5), 5);
    equal(seen.join(), 'start,end,start,end,asyncStart,asyncEnd');
  },
};
