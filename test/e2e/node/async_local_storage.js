import {AsyncLocalStorage, AsyncResource} from 'node:async_hooks';
import {equal, throws} from '../assert.js';

const storage = new AsyncLocalStorage();
const other = new AsyncLocalStorage();
const soon = () => new Promise((resolve) => setTimeout(() => resolve(), 1));

export const aStoreIsSeenBelowItsRunOnly = {
  test() {
    equal(storage.getStore(), undefined);
    const result = storage.run(1, (a, b) => {
      equal(storage.getStore(), 1);
      storage.run(2, () => equal(storage.getStore(), 2));
      equal(storage.getStore(), 1);
      return a + b;
    }, 3, 4);
    equal(result, 7);
    equal(storage.getStore(), undefined);
  },
};

export const aThrowLeavesTheStoreAsItWas = {
  test() {
    throws(() => storage.run(1, () => {
      throw new TypeError('x');
    }), {name: 'TypeError', message: 'x'});
    equal(storage.getStore(), undefined);
  },
};

export const storesFollowAwaits = {
  async test() {
    const seen = await Promise.all([1, 2, 3].map((each) => storage.run(each, async () => {
      await null;
      await soon();
      await Promise.resolve();
      return storage.getStore();
    })));
    equal(seen.join(), '1,2,3');
    equal(storage.getStore(), undefined);
  },
};

export const storesFollowTimersAndMicrotasks = {
  async test() {
    equal(await new Promise((resolve) => storage.run('timer', () => {
      setTimeout(() => resolve(storage.getStore()), 1);
    })), 'timer');
    equal(await new Promise((resolve) => storage.run('microtask', () => {
      queueMicrotask(() => resolve(storage.getStore()));
    })), 'microtask');
    equal(await new Promise((resolve) => storage.run('interval', () => {
      let count = 0;
      const id = setInterval(() => {
        if (++count < 2) return;
        clearInterval(id);
        resolve(storage.getStore());
      }, 1);
    })), 'interval');
  },
};

export const aPromiseReactionSeesWhereItWasAdded = {
  async test() {
    const {promise, resolve} = Promise.withResolvers();
    const seen = storage.run('added', () => promise.then(() => storage.getStore()));
    storage.run('resolved', () => resolve());
    equal(await seen, 'added');
  },
};

export const storagesAreApart = {
  test() {
    storage.run(1, () => other.run(2, () => {
      equal(storage.getStore(), 1);
      equal(other.getStore(), 2);
      storage.exit(() => {
        equal(storage.getStore(), undefined);
        equal(other.getStore(), 2);
      });
    }));
  },
};

export const aSnapshotKeepsItsStores = {
  test() {
    const run = storage.run(1, () => AsyncLocalStorage.snapshot());
    equal(storage.run(2, () => run((add) => storage.getStore() + add, 10)), 11);
    const bound = storage.run(3, () => AsyncLocalStorage.bind((x) => [storage.getStore(), x]));
    equal(bound(4).join(), '3,4');
  },
};

export const aResourceKeepsItsStores = {
  test() {
    class Query extends AsyncResource {
      constructor() {
        super('Query');
      }
    }
    const query = storage.run('made', () => new Query());
    const receiver = {};
    equal(query.runInAsyncScope(function(x) {
      equal(this, receiver);
      return `${storage.getStore()} ${x}`;
    }, receiver, 5), 'made 5');
    equal(query.bind(() => storage.getStore())(), 'made');
    equal(storage.run('bound', () => AsyncResource.bind(() => storage.getStore()))(), 'bound');
  },
};

export const aStorageHasADefaultAndAName = {
  test() {
    const named = new AsyncLocalStorage({defaultValue: 5, name: 'n'});
    equal(named.getStore(), 5);
    equal(named.run(6, () => named.getStore()), 6);
    equal(named.name, 'n');
    equal(storage.name, '');
  },
};

export const enterWithIsRefused = {
  test() {
    throws(() => storage.enterWith(1),
        {message: 'asyncLocalStorage.enterWith() is not implemented'});
    throws(() => storage.disable(), {message: 'asyncLocalStorage.disable() is not implemented'});
  },
};
